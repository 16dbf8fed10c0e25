"""Enrols a folder with one folder a person, then tells who is on a photo: python find.py people/ who.jpg

Huawei Cloud's own client (pip install huaweicloudsdkfrs), given the address of this service.
Each run enrols all photos again: for a folder that grows, `openfrs enrol` keeps a journal.
"""

import os
import sys
from pathlib import Path

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.formdata import FormFile
from huaweicloudsdkfrs.v2 import (
    AddFacesByFileRequest, AddFacesByFileRequestBody, CreateFaceSetReq, CreateFaceSetRequest,
    FrsClient, SearchFaceByFileRequest, SearchFaceByFileRequestBody,
)

folder, photo = Path(sys.argv[1]), sys.argv[2]
credentials = BasicCredentials(os.environ["FRS_AK"], os.environ["FRS_SK"], os.environ["FRS_PROJECT_ID"])
frs = FrsClient.new_builder().with_credentials(credentials).with_endpoint(os.environ["FRS_ENDPOINT"]).build()

try:
    frs.create_face_set(CreateFaceSetRequest(body=CreateFaceSetReq(face_set_name="example")))
except ClientRequestException as error:
    if error.error_code != "FRS.0301":  # It is there already.
        raise

for path in sorted(folder.rglob("*")):
    if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".bmp"}:
        continue
    body = AddFacesByFileRequestBody(
        image_file=FormFile(str(path)), external_image_id=path.parent.name, single=True)
    try:
        frs.add_faces_by_file(AddFacesByFileRequest(face_set_name="example", body=body))
    except ClientRequestException as error:
        print(f"{path}: {error.error_code} {error.error_msg}")

# .93: one in 10,000 pairs of strangers reaches it.
body = SearchFaceByFileRequestBody(image_file=FormFile(photo), top_n=1, threshold=0.93)
found = frs.search_face_by_file(SearchFaceByFileRequest(face_set_name="example", body=body)).faces
print(f"{found[0].external_image_id} ({found[0].similarity:.3f})" if found else "unknown")
