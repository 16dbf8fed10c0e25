// Generated from the OpenAPI document: npm run generate -w packages/client
export interface operations {
    "face-detect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    image_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image_base64?: string;
                    /** @description Attributes to judge, comma-separated: 0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 21. */
                    attributes?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        faces: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                            attributes?: {
                                yaw_angle?: number;
                                pitch_angle?: number;
                                roll_angle?: number;
                                /** @enum {string} */
                                gender?: "male" | "female";
                                age?: number;
                                dress?: {
                                    /** @enum {string} */
                                    glass: "yes" | "dark" | "none" | "unknown";
                                    /** @enum {string} */
                                    hat: "yes" | "none" | "unknown";
                                };
                                smile?: string;
                                /** @enum {string} */
                                mask?: "yes" | "none" | "unknown";
                                /** @enum {string} */
                                hair?: "long" | "short" | "unknown";
                                /** @enum {string} */
                                beard?: "yes" | "none" | "unknown";
                                /** @enum {string} */
                                phototype?: "idcard" | "monitor" | "internet photo";
                                quality?: {
                                    total_score: number;
                                    blur: number;
                                    pose: number;
                                    occlusion: number;
                                    illumination: number;
                                    /** @description Beyond the reference: how much of a person the face’s vector holds, 1 is best; about 0.9 for good photos. Left out where the model in use can not tell. */
                                    recognizability?: number;
                                };
                                expression?: {
                                    /** @enum {string} */
                                    type: "neutral" | "happy" | "fear" | "surprise" | "sad" | "angry" | "disgust" | "unknown";
                                    probability: number;
                                };
                                face_angle?: 0 | 90 | 180 | 270;
                            };
                            landmark?: {
                                readonly eyes_contour: {
                                    x: number;
                                    y: number;
                                }[];
                                readonly mouth_contour: {
                                    x: number;
                                    y: number;
                                }[];
                                readonly face_contour: {
                                    x: number;
                                    y: number;
                                }[];
                                readonly eyebrow_contour: {
                                    x: number;
                                    y: number;
                                }[];
                                readonly nose_contour: {
                                    x: number;
                                    y: number;
                                }[];
                            };
                        }[];
                    };
                };
            };
        };
    };
    "face-compare": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    image1_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image1_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image1_base64?: string;
                    /** @description Where the file is stored: /bucket/key. */
                    image2_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image2_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image2_base64?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        image1_face: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                        };
                        image2_face: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                        };
                        similarity: number;
                    };
                };
            };
        };
    };
    "live-detect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    video_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    video_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    video_base64?: string;
                    /**
                     * @description Actions in their order, comma-separated: 1 shake left, 2 shake right, 3 nod, 4 mouth, 5 blink.
                     * @example 1,3,2
                     */
                    actions?: string;
                    /** @description Beyond the reference: the challenge that drew the actions, in place of them. */
                    challenge_id?: string;
                    /**
                     * @description A window in milliseconds for each action.
                     * @example 1000-3000,4000-7000
                     */
                    action_time?: string;
                    /**
                     * @description Degrees of a nod.
                     * @default 10
                     */
                    nod_threshold?: number;
                    /** @description Beyond the reference: tell with each warning what the person can do about it. It helps whoever attacks, too. */
                    advice?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        "video-result": {
                            alive: boolean;
                            actions: {
                                action: number;
                                confidence: number;
                            }[];
                            /** @description JPEG in Base64. */
                            picture: string;
                        };
                        "warning-list": {
                            warningCode: number;
                            warningMsg: string;
                            /** @description Beyond the reference, if asked for: what the person can do about it, in sentences. */
                            advice?: string;
                        }[];
                    };
                };
            };
        };
    };
    "live-challenge-create": {
        parameters: {
            query?: {
                allowed_actions?: string;
            };
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        challenge_id: string;
                        /**
                         * @description Actions to ask the person for, in this order, comma-separated; codes as in live-detect.
                         * @example 3,1,4
                         */
                        actions: string;
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
        };
    };
    "live-detect-face": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    image_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image_base64?: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        result: {
                            alive: boolean;
                            confidence: number;
                            /** @description JPEG in Base64. */
                            picture: string;
                        };
                        "warning-list": {
                            warningCode: number;
                            warningMsg: string;
                        }[];
                    };
                };
            };
        };
    };
    "face-set-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_sets_info: {
                            face_number: number;
                            face_set_id: string;
                            face_set_name: string;
                            /** @description UTC, YYYY-MM-DD HH:MM:SS. */
                            create_date: string;
                            face_set_capacity: number;
                            external_fields: {
                                [key: string]: {
                                    /** @enum {string} */
                                    type: "string" | "integer" | "float" | "double" | "boolean" | "long";
                                };
                            };
                        }[];
                    };
                };
            };
        };
    };
    "face-set-create": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the face set. */
                    face_set_name: string;
                    /**
                     * @description How many faces fit in: a multiple of 10,000, up to 100,000.
                     * @default 100000
                     */
                    face_set_capacity?: number;
                    /** @description Custom fields of the faces, by name; at most 10. */
                    external_fields?: {
                        [key: string]: {
                            /** @enum {string} */
                            type?: "string" | "integer" | "float" | "double" | "boolean" | "long";
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_set_info: {
                            face_number: number;
                            face_set_id: string;
                            face_set_name: string;
                            /** @description UTC, YYYY-MM-DD HH:MM:SS. */
                            create_date: string;
                            face_set_capacity: number;
                            external_fields: {
                                [key: string]: {
                                    /** @enum {string} */
                                    type: "string" | "integer" | "float" | "double" | "boolean" | "long";
                                };
                            };
                        };
                    };
                };
            };
        };
    };
    "face-set-show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_set_info: {
                            face_number: number;
                            face_set_id: string;
                            face_set_name: string;
                            /** @description UTC, YYYY-MM-DD HH:MM:SS. */
                            create_date: string;
                            face_set_capacity: number;
                            external_fields: {
                                [key: string]: {
                                    /** @enum {string} */
                                    type: "string" | "integer" | "float" | "double" | "boolean" | "long";
                                };
                            };
                        };
                    };
                };
            };
        };
    };
    "face-set-delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_set_name: string;
                    };
                };
            };
        };
    };
    "face-search": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    image_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image_base64?: string;
                    /** @description Id of a face of the set: 8 letters. */
                    face_id?: string;
                    /**
                     * @description Most similar faces to return.
                     * @default 10
                     */
                    top_n?: number;
                    /**
                     * @description Least similarity of a result.
                     * @default 0
                     */
                    threshold?: number;
                    /**
                     * @description Reorders the result: number fields with asc or desc.
                     * @example [
                     *       {
                     *         "timestamp": "asc"
                     *       }
                     *     ]
                     */
                    sort?: {
                        [key: string]: "asc" | "desc";
                    }[];
                    /** @description Filter on custom fields, external_image_id and face_id (chapter 5.5). */
                    filter?: string;
                    /** @description Custom fields to return; all if left out. */
                    return_fields?: string[];
                    /**
                     * @description Beyond the reference: one result a person instead of a face. The faces of one external_image_id are compared as one, by their mean, in which poor photos count less.
                     * @enum {string}
                     */
                    group_by?: "external_image_id";
                    /** @description Beyond the reference: the share of searches by strangers that may find anyone (false positive identification rate). The threshold for it and for the size of the set is chosen and returned; `threshold`, if it is higher, holds. */
                    max_fpir?: number;
                    /**
                     * @description Beyond the reference: all also answers `results`, one for every face of the picture. Default: the largest face alone.
                     * @default largest
                     * @enum {string}
                     */
                    faces?: "largest" | "all";
                    /** @description Beyond the reference: tell for each result the probability that a stranger would rank first with its similarity in this set; told with max_fpir in any case. */
                    false_match_probability?: boolean;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the largest face. */
                        faces: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                            external_image_id: string;
                            external_fields: {
                                [key: string]: string | number | boolean | bigint;
                            };
                            face_id: string;
                            similarity: number;
                            /** @description Beyond the reference, if asked for: how probably somebody who is not in the set ranks first with this similarity or more. */
                            false_match_probability?: number;
                        }[];
                        /** @description Beyond the reference, with max_fpir: the similarity that results reach. */
                        threshold?: number;
                        /** @description Beyond the reference, with faces=all: each face of the picture, largest first. */
                        results?: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                            faces: {
                                bounding_box: {
                                    /** @description Width of the box in pixels. */
                                    width: number;
                                    top_left_y: number;
                                    top_left_x: number;
                                    height: number;
                                };
                                external_image_id: string;
                                external_fields: {
                                    [key: string]: string | number | boolean | bigint;
                                };
                                face_id: string;
                                similarity: number;
                                /** @description Beyond the reference, if asked for: how probably somebody who is not in the set ranks first with this similarity or more. */
                                false_match_probability?: number;
                            }[];
                        }[];
                    };
                };
            };
        };
    };
    "face-list": {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                face_id?: string;
            };
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_set_id: string;
                        face_set_name: string;
                        faces: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                            external_image_id: string;
                            external_fields: {
                                [key: string]: string | number | boolean | bigint;
                            };
                            face_id: string;
                        }[];
                    };
                };
            };
        };
    };
    "face-update": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Id of a face of the set: 8 letters. */
                    face_id: string;
                    /** @description Your own id of the picture; one is generated if none is given. */
                    external_image_id?: string;
                    /** @description Values of custom fields, by name. */
                    external_fields?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_number: number;
                        face_set_id: string;
                        face_set_name: string;
                    };
                };
            };
        };
    };
    "face-add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where the file is stored: /bucket/key. */
                    image_url?: string;
                    /**
                     * Format: binary
                     * @description The file itself, in a multipart request.
                     */
                    image_file?: Blob;
                    /** @description The file in Base64, without white space or data URL prefix. */
                    image_base64?: string;
                    /** @description Your own id of the picture; one is generated if none is given. */
                    external_image_id?: string;
                    /** @description Values of custom fields, by name. */
                    external_fields?: {
                        [key: string]: unknown;
                    };
                    /** @description Add the largest face only; false (the default) adds every face. */
                    single?: boolean;
                    /**
                     * @description Beyond the reference: refuse faces whose recognizability (attributes=12 of face-detect) is lower; FRS.0708 says why.
                     * @default 0
                     */
                    min_recognizability?: number;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_set_id: string;
                        face_set_name: string;
                        faces: {
                            bounding_box: {
                                /** @description Width of the box in pixels. */
                                width: number;
                                top_left_y: number;
                                top_left_x: number;
                                height: number;
                            };
                            external_image_id: string;
                            external_fields: {
                                [key: string]: string | number | boolean | bigint;
                            };
                            face_id: string;
                        }[];
                    };
                };
            };
        };
    };
    "face-delete": {
        parameters: {
            query: {
                /** @description Exactly one of face_id, external_image_id or a custom field, with its value. */
                field: {
                    [key: string]: string;
                };
            };
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_number: number;
                        face_set_id: string;
                        face_set_name: string;
                    };
                };
            };
        };
    };
    "face-delete-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
                face_set_name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Filter on custom fields, external_image_id and face_id (chapter 5.5). */
                    filter: string;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        face_number: number;
                        face_set_id: string;
                        face_set_name: string;
                    };
                };
            };
        };
    };
    "upload-create": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Where to POST the form (multipart/form-data). */
                        url: string;
                        /** @description Fields of the form, to be sent as they are, before the field `file`. */
                        fields: {
                            [key: string]: string;
                        };
                        /** @description The `image_url` or `video_url` of the file, once it is there. */
                        path: string;
                        max_bytes: number;
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
        };
    };
    "subscription-show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                project_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        max_face_set_number: number;
                        detect_service: {
                            subscribe_status: boolean;
                            create_time?: string;
                        };
                        live_detect_service: {
                            subscribe_status: boolean;
                            create_time?: string;
                        };
                        compare_service: {
                            subscribe_status: boolean;
                            create_time?: string;
                        };
                        search_service: {
                            subscribe_status: boolean;
                            create_time?: string;
                        };
                    };
                };
            };
        };
    };
    "project-list": {
        parameters: {
            query?: {
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        projects: {
                            domain_id: string;
                            is_domain: boolean;
                            parent_id: string;
                            name: string;
                            description: string;
                            links: {
                                next: null;
                                previous: null;
                                self: string;
                            };
                            id: string;
                            enabled: boolean;
                        }[];
                        links: {
                            next: null;
                            previous: null;
                            self: string;
                        };
                    };
                };
            };
        };
    };
    "domain-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        domains: {
                            id: string;
                            name: string;
                            enabled: boolean;
                        }[];
                        links: {
                            next: null;
                            previous: null;
                            self: string;
                        };
                    };
                };
            };
        };
    };
}
