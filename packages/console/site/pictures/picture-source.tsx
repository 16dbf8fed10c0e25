import { useApi } from '../api/api.ts';
import { FileButton } from '../components/file-button.tsx';
import { useText } from '../i18n/language.ts';
import { useFacePhotos } from './face-photos.ts';
import { choosesFolder, filesOfInput, picturesOf } from './folder.ts';

/** Says where the pictures of people on this page come from, and takes a folder of them. */
export function PictureSource({ set }: { set: string }) {
  const t = useText();
  const facePhotos = useFacePhotos();
  const { keepsCrops } = useApi().session;
  return (
    <details>
      <summary>
        {facePhotos.files > 0
          ? t('Pictures: {} photos of the folder that you chose', facePhotos.files.toLocaleString())
          : keepsCrops
            ? t('Pictures: crops of faces that the service keeps')
            : facePhotos.enrolled > 0
              ? t('Pictures: photos that you enrolled in this tab')
              : t('Pictures: none, the service keeps no photos')}
      </summary>
      <div class="stack">
        <p class="hint">
          {keepsCrops
            ? t(
                'Of each face that is enrolled this service keeps a small picture, encrypted, until the face is deleted: its operator has set FRS_STORE_CROPS. Photos of a folder on this machine, or those that you enrolled in this tab, are shown instead of it, and go nowhere.',
              )
            : t(
                'The service stores no photos. What is shown here are photos of a folder on this machine, or those that you enrolled in this tab; everyone else is a neutral tile. They are matched by the path kept with a face, else by the name of the folder or file, and go nowhere. Photos in a bucket can not be shown: the service reads them, and hands none out.',
              )}
        </p>
        <FileButton
          label={t('Folder with photos, one folder or file a person')}
          choice={{ multiple: true, ...choosesFolder }}
          secondary
          onFiles={(files) => facePhotos.addFolder(set, picturesOf(filesOfInput(files)))}
        />
      </div>
    </details>
  );
}
