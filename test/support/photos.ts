export { photo, plainPicture } from '@openfrs/testing/photos';
