// Generated from the OpenAPI document: npm run generate -w packages/client
export const routes = {
  /** Detect faces. */
  faceDetect: {"operation":"face-detect","method":"POST","path":"/v2/{project_id}/face-detect","hasBody":true},
  /** Compare two faces. */
  faceCompare: {"operation":"face-compare","method":"POST","path":"/v2/{project_id}/face-compare","hasBody":true},
  /** Action liveness of a video. */
  liveDetect: {"operation":"live-detect","method":"POST","path":"/v2/{project_id}/live-detect","hasBody":true},
  /** Get random actions to ask a person for, good for one video (beyond the reference). */
  liveChallengeCreate: {"operation":"live-challenge-create","method":"POST","path":"/v2/{project_id}/live-detect/challenges","hasBody":false},
  /** Silent liveness of a photo. */
  liveDetectFace: {"operation":"live-detect-face","method":"POST","path":"/v1/{project_id}/live-detect-face","hasBody":true},
  /** Create a face set. */
  faceSetCreate: {"operation":"face-set-create","method":"POST","path":"/v2/{project_id}/face-sets","hasBody":true},
  /** List face sets. */
  faceSetList: {"operation":"face-set-list","method":"GET","path":"/v2/{project_id}/face-sets","hasBody":false},
  /** Show a face set. */
  faceSetShow: {"operation":"face-set-show","method":"GET","path":"/v2/{project_id}/face-sets/{face_set_name}","hasBody":false},
  /** Delete a face set. */
  faceSetDelete: {"operation":"face-set-delete","method":"DELETE","path":"/v2/{project_id}/face-sets/{face_set_name}","hasBody":false},
  /** Search a face set. */
  faceSearch: {"operation":"face-search","method":"POST","path":"/v2/{project_id}/face-sets/{face_set_name}/search","hasBody":true},
  /** Add faces. */
  faceAdd: {"operation":"face-add","method":"POST","path":"/v2/{project_id}/face-sets/{face_set_name}/faces","hasBody":true},
  /** List faces. */
  faceList: {"operation":"face-list","method":"GET","path":"/v2/{project_id}/face-sets/{face_set_name}/faces","hasBody":false},
  /** Update a face. */
  faceUpdate: {"operation":"face-update","method":"PUT","path":"/v2/{project_id}/face-sets/{face_set_name}/faces","hasBody":true},
  /** Delete faces by field. */
  faceDelete: {"operation":"face-delete","method":"DELETE","path":"/v2/{project_id}/face-sets/{face_set_name}/faces","hasBody":false},
  /** Delete faces by filter. */
  faceDeleteBatch: {"operation":"face-delete-batch","method":"DELETE","path":"/v2/{project_id}/face-sets/{face_set_name}/faces/batch","hasBody":true},
  /** Get a form to upload a picture or video with (beyond the reference). */
  uploadCreate: {"operation":"upload-create","method":"POST","path":"/v1/{project_id}/uploads","hasBody":false},
  /** Show the subscriptions. */
  subscriptionShow: {"operation":"subscription-show","method":"GET","path":"/v1/{project_id}/subscribe","hasBody":false},
  /** List projects. */
  projectList: {"operation":"project-list","method":"GET","path":"/v3/projects","hasBody":false},
  /** List account domains. */
  domainList: {"operation":"domain-list","method":"GET","path":"/v3/auth/domains","hasBody":false},
} as const;
