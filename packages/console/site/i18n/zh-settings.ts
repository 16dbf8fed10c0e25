/**
 * What the settings of a server mean, and what they are when not set, by their English words (`settings` of @openfrs/core). A test holds
 * this list against the settings.
 */
export const settingsInChinese: Readonly<Record<string, string>> = {
  'the address that is listened on; `0.0.0.0` or `::` is all of them':
    '监听的地址；`0.0.0.0` 或 `::` 表示全部地址',
  'the port; 0 is any free one. Embedded stores take the next two':
    '端口；0 表示任意空闲端口。内嵌存储使用其后的两个端口',
  'the folder of the embedded stores, and of what is made at the first start':
    '存放内嵌存储以及首次启动时所生成内容的文件夹',
  'seals access keys and signs tokens: 32 bytes in Base64 (`openssl rand -base64 32`); several, the newest first, while keys are changed':
    '用于加密访问密钥和签发 token：32 字节的 Base64（`openssl rand -base64 32`）；更换密钥期间可有多个，最新的在前',
  'table of face sets and faces': '人脸库和人脸的表',
  'table of domains, users, projects and keys': '账号、用户、项目和密钥的表',
  'table of counters of requests and failed logins, and of last uses of API tokens':
    '请求次数、登录失败次数和 API 令牌最后使用时间的表',
  'bucket of the search index': '搜索索引的桶',
  'bucket of uploads, and of photos that enrol themselves': '上传文件和自动入库照片的桶',
  'the folder of the models': '模型所在的文件夹',
  'name of the project of the developer account that `npm start` makes':
    '`npm start` 创建的开发者账号的项目名',
  'host names under which clients sign requests, where a proxy changes Host':
    '代理会修改 Host 时，客户端签名所用的主机名',
  'X-Forwarded-Host comes from a proxy of yours: it may be the host that was signed':
    'X-Forwarded-Host 来自您自己的代理：可以作为签名时的主机名',
  'storage hosts accepted in `https://bucket.<host>/key`, beside that of S3 itself':
    '除 S3 自身外，`https://bucket.<host>/key` 中允许的存储主机名',
  'longer side of the smallest face that is returned': '返回的最小人脸的长边',
  'how long a liveness challenge is good for': '活体检测挑战的有效时间',
  'a native FFmpeg': '本机的 FFmpeg',
  'the core of the FFmpeg in WebAssembly': 'WebAssembly 版 FFmpeg 的核心文件',
  'the script of the thread that decodes videos': '解码视频的线程脚本',
  'bytes of memory for indexes': '索引可用的内存字节数',
  'operations at a time that look at pictures or videos': '同时处理图片或视频的操作数',
  'such operations that wait their turn; more are `FRS.0033`': '排队等待的这类操作数；超出的返回 `FRS.0033`',
  'bodies of requests in memory; with what is made of them, memory is about four times this':
    '内存中请求体的总量；连同由此产生的数据，内存约为它的四倍',
  "from the arrival of a request's body to its answer; half of it at most in the queue":
    '从收到请求体到返回响应的时间；其中排队最多一半',
  'connections of all clients': '所有客户端的连接数',
  'connections of one address, or of one IPv6 network of 64 bits; a trusted proxy may have all':
    '每个地址（或每个 64 位 IPv6 网段）的连接数；受信任的代理可以占用全部',
  'answers a second that refuse one source; more of them wait, 10 s at most':
    '每秒对同一来源的拒绝响应数；超出的等待，最多 10 秒',
  'addresses and networks of proxies of yours (`10.0.0.0/8,::1`): their header tells who the client is':
    '您自己的代理的地址和网段（`10.0.0.0/8,::1`）：由它们的请求头得知客户端是谁',
  'the header that these proxies write; the other one is not looked at':
    '这些代理写入的请求头；另一个不会读取',
  'TLS: the chain of certificates, in PEM': 'TLS：证书链，PEM 格式',
  'TLS: the private key, in PEM': 'TLS：私钥，PEM 格式',
  '`1`: `openfrs serve` and the container also have the web console and `/docs`. For `sst deploy`: `1`, or its domain':
    '`1`：`openfrs serve` 和容器也提供控制台和 `/docs`。用于 `sst deploy` 时：`1` 或控制台的域名',
  'a port of its own for `/metrics` (OpenMetrics), to whoever reaches it':
    '单独提供 `/metrics`（OpenMetrics）的端口，能访问该端口的人都能读取',
  'the address of that port': '该端口监听的地址',
  '`/metrics` on the port of the service, for who sends it: `Authorization: Bearer`':
    '在服务端口上读取 `/metrics` 所需的令牌：`Authorization: Bearer`',
  '`debug`, `info`, `warn` or `error`: the log leaves out what matters less, but never the line of a request':
    '`debug`、`info`、`warn` 或 `error`：日志省略次要内容，但从不省略请求的那一行',
  'after SIGTERM, `/ready` says no for so long while requests are still taken, so that a load balancer turns away first':
    '收到 SIGTERM 后，在这段时间内 `/ready` 返回未就绪但仍接受请求，让负载均衡先切走',
  'URL of the queue of maintenance tasks': '维护任务队列的 URL',
  'the old name of FRS_QUEUE_MAINTENANCE': 'FRS_QUEUE_MAINTENANCE 的旧名称',
  "URL of the queue of uploads that can't be enrolled": '无法入库的上传所在队列的 URL',
  'on an S3 that is not AWS, one of the servers looks so often for photos that are to enrol themselves; 0: never':
    '使用 AWS 以外的 S3 时，由一台服务器每隔这么久查找一次要自动入库的照片；0：从不',
  'where clients reach S3, for the forms that they upload with': '客户端访问 S3 的地址，用于上传表单',
  'deleting a photo that enrolled itself removes its faces': '删除自动入库的照片时，同时删除它的人脸',
  "of each face that is enrolled, a picture of 112 × 112 pixels is kept, encrypted, for the console; off: none. DynamoDB's reads of faces cost two to five times as much with them. `packages/client/docs/privacy.md` says what that means":
    '为每张入库的人脸加密保存一张 112 × 112 像素的小图，供控制台显示；关闭时不保存。此时 DynamoDB 读取人脸的费用是原来的两到五倍。其含义见 `packages/client/docs/privacy.md`',
  'the region of the stores': '存储所在的区域',
  'where DynamoDB is': 'DynamoDB 的地址',
  'where S3 is': 'S3 的地址',
  'where SQS is': 'SQS 的地址',
  'access key of the stores': '存储的访问密钥',
  'its secret': '该访问密钥的私钥',
  'of temporary access keys': '临时访问密钥的会话令牌',
  '127.0.0.1; in the container all': '127.0.0.1；容器中为全部地址',
  'with embedded stores: made at the first start and kept in `secret.key` of the data folder':
    '使用内嵌存储时：首次启动时生成，保存在数据文件夹的 `secret.key` 中',
  '`.models` of the repository or package': '仓库或软件包中的 `.models`',
  'as at the last start, or cn-north-4': '与上次启动相同，或 cn-north-4',
  off: '关闭',
  '40 (pixels)': '40（像素）',
  '60 (seconds)': '60（秒）',
  'the one in WebAssembly': 'WebAssembly 版',
  'that of the npm package': 'npm 包中的文件',
  'built from its source': '由源码构建',
  "the store's own choice": '由存储决定',
  'two for each core': '每个核心两个',
  '512 (operations)': '512（个操作）',
  '134217728 (bytes)': '134217728（字节）',
  '2000 (connections)': '2000（个连接）',
  'half of all': '全部的一半',
  '20 (answers)': '20（个响应）',
  'off; with `npm start` always': '关闭；`npm start` 时总是开启',
  '5 (seconds)': '5（秒）',
  'none: the servers do them': '无：由服务器自己处理',
  '15 (seconds)': '15（秒）',
  "the AWS SDK's own choice": '由 AWS SDK 决定',
};
