// Signs a file by Diadoc's CloudSign in JSON, with axios: upload, start, wait, code, result.
//
//     node sign.mjs http://127.0.0.1:8787 act.txt
//
// Writes act.txt.p7s. The code of the SMS is read from the sandbox's phone, in the place of a person.

import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import axios from 'axios'

const [base, file] = process.argv.slice(2)
const client = 'DiadocAuth ddauth_api_client_id=podpis-sandbox-client'
const http = axios.create({ baseURL: base, headers: { Authorization: client, Accept: 'application/json' } })

// Asks until there is a result; 204 says that the service is still at work.
async function wait(path, params) {
  for (;;) {
    const answer = await http.get(path, { params })
    if (answer.status !== 204) return answer.data
    await setTimeout(1000 * Number(answer.headers['retry-after'] ?? 1))
  }
}

const login = { login: 'director@romashka.example', password: 'director-password' }
// The token is text, and a text of digits alone must not become a number.
const text = { responseType: 'text', transformResponse: (body) => body }
const { data: token } = await http.post('/V3/Authenticate?type=password', login, text)
http.defaults.headers.Authorization = `${client},ddauth_token=${token}`

const octets = { headers: { 'Content-Type': 'application/octet-stream' }, ...text }
const { data: name } = await http.post('/V2/ShelfUpload', await readFile(file), octets)
const files = [{ Content: { NameOnShelf: name.replaceAll('"', '') }, FileName: basename(file) }]
let task = (await http.post('/CloudSign', { Files: files })).data.TaskId
const operation = (await wait('/CloudSignResult', { taskId: task })).Token

const { code } = (await http.get('/_sandbox/messages')).data.at(-1)
const confirm = { token: operation, confirmationCode: code, return: 'Content' }
task = (await http.post('/CloudSignConfirm', null, { params: confirm })).data.TaskId
const { Signatures: [signature] } = await wait('/CloudSignConfirmResult', { taskId: task })

await writeFile(`${file}.p7s`, Buffer.from(signature.Content, 'base64'))
