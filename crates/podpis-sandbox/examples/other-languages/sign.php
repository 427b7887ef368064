<?php
// Signs a file by Diadoc's CloudSign in JSON, with PHP's curl: upload, start, wait, code, result.
//
//     php sign.php http://127.0.0.1:8787 act.txt
//
// Writes act.txt.p7s. The code of the SMS is read from the sandbox's phone, in the place of a person.

declare(strict_types=1);

const CLIENT = 'DiadocAuth ddauth_api_client_id=podpis-sandbox-client';

[, $base, $file] = $argv;
$authorization = CLIENT;

/** Gives the status and the body. */
function call(string $method, string $path, ?string $body = null, string $type = 'application/json'): array
{
    global $base, $authorization;
    $request = curl_init($base . $path);
    curl_setopt_array($request, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_FAILONERROR => true,
        CURLOPT_HTTPHEADER => ["Authorization: $authorization", 'Accept: application/json', "Content-Type: $type"],
    ]);
    if ($body !== null) {
        curl_setopt($request, CURLOPT_POSTFIELDS, $body);
    }
    $answer = curl_exec($request);
    if ($answer === false) {
        throw new RuntimeException("$method $path: " . curl_error($request));
    }
    return [curl_getinfo($request, CURLINFO_RESPONSE_CODE), $answer];
}

function read(string $body): array
{
    return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
}

/** Asks until there is a result; 204 says that the service is still at work. */
function wait(string $path): array
{
    while (([$status, $body] = call('GET', $path)) && $status === 204) {
        sleep(1);
    }
    return read($body);
}

$login = json_encode(['login' => 'director@romashka.example', 'password' => 'director-password']);
[, $token] = call('POST', '/V3/Authenticate?type=password', $login);
$authorization = CLIENT . ",ddauth_token=$token";

[, $name] = call('POST', '/V2/ShelfUpload', file_get_contents($file), 'application/octet-stream');
$files = [['Content' => ['NameOnShelf' => trim($name, '"')], 'FileName' => basename($file)]];
$task = read(call('POST', '/CloudSign', json_encode(['Files' => $files]))[1])['TaskId'];
$operation = wait("/CloudSignResult?taskId=$task")['Token'];

$messages = read(call('GET', '/_sandbox/messages')[1]);
$confirm = http_build_query([
    'token' => $operation,
    'confirmationCode' => end($messages)['code'],
    'return' => 'Content',
]);
$task = read(call('POST', "/CloudSignConfirm?$confirm", '')[1])['TaskId'];
$result = wait("/CloudSignConfirmResult?taskId=$task");

file_put_contents("$file.p7s", base64_decode($result['Signatures'][0]['Content'], true));
