// Signs a file by Diadoc's CloudSign in JSON, with HttpClient: upload, start, wait, code, result.
//
//     mcs Sign.cs -r:System.Net.Http -r:System.Web.Extensions && mono Sign.exe http://127.0.0.1:8787 act.txt
//
// Writes act.txt.p7s. The code of the SMS is read from the sandbox's phone, in the place of a person.

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using System.Web.Script.Serialization;

class Sign
{
    const string ClientId = "ddauth_api_client_id=podpis-sandbox-client";

    readonly JavaScriptSerializer json = new JavaScriptSerializer { MaxJsonLength = int.MaxValue };
    readonly HttpClient http;
    string authorization = "DiadocAuth " + ClientId;

    Sign(string address)
    {
        http = new HttpClient { BaseAddress = new Uri(address) };
    }

    async Task<HttpResponseMessage> Call(HttpMethod method, string path, HttpContent body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return (await http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    async Task<string> Post(string path, object body)
    {
        var content = new StringContent(json.Serialize(body), Encoding.UTF8, "application/json");
        return await (await Call(HttpMethod.Post, path, content)).Content.ReadAsStringAsync();
    }

    Dictionary<string, object> Read(string text)
    {
        return json.Deserialize<Dictionary<string, object>>(text);
    }

    // Asks until there is a result; 204 says that the service is still at work.
    async Task<Dictionary<string, object>> Wait(string path)
    {
        while (true)
        {
            var answer = await Call(HttpMethod.Get, path);
            if (answer.StatusCode != HttpStatusCode.NoContent)
                return Read(await answer.Content.ReadAsStringAsync());
            var pause = answer.Headers.RetryAfter == null ? null : answer.Headers.RetryAfter.Delta;
            await Task.Delay(pause ?? TimeSpan.FromSeconds(1));
        }
    }

    async Task Run(string file)
    {
        var login = new { login = "director@romashka.example", password = "director-password" };
        var token = await Post("/V3/Authenticate?type=password", login);
        authorization += ",ddauth_token=" + token;

        var bytes = new ByteArrayContent(File.ReadAllBytes(file));
        var uploaded = await Call(HttpMethod.Post, "/V2/ShelfUpload", bytes);
        var name = (await uploaded.Content.ReadAsStringAsync()).Trim('"');
        var content = new { NameOnShelf = name };
        var start = new { Files = new[] { new { Content = content, FileName = Path.GetFileName(file) } } };
        var task = Read(await Post("/CloudSign", start))["TaskId"];
        var operation = (string)(await Wait("/CloudSignResult?taskId=" + task))["Token"];

        var messages = await (await Call(HttpMethod.Get, "/_sandbox/messages")).Content.ReadAsStringAsync();
        var code = (string)json.Deserialize<Dictionary<string, object>[]>(messages).Last()["code"];
        var confirm = "/CloudSignConfirm?token=" + Uri.EscapeDataString(operation)
            + "&confirmationCode=" + Uri.EscapeDataString(code) + "&return=Content";
        var confirmed = await Call(HttpMethod.Post, confirm, new ByteArrayContent(new byte[0]));
        task = Read(await confirmed.Content.ReadAsStringAsync())["TaskId"];
        var result = await Wait("/CloudSignConfirmResult?taskId=" + task);
        var signature = ((System.Collections.ArrayList)result["Signatures"]).Cast<Dictionary<string, object>>().Single();

        File.WriteAllBytes(file + ".p7s", Convert.FromBase64String((string)signature["Content"]));
    }

    static void Main(string[] arguments)
    {
        new Sign(arguments[0]).Run(arguments[1]).GetAwaiter().GetResult();
    }
}
