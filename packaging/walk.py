"""Takes a case from the form to its letters, at a Handover in production that sends to a mail server of this script.

    walk.py serve-mail PORT FILE          keeps each letter that comes as a line of FILE: {"to": [...], "raw": "..."}
    walk.py walk ADDRESS FILE PASSWORD    files an escalation, follows its letter, and waits for those that are due then
"""

import asyncio
import base64
import email
import email.policy
import json
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request
import uuid

FORM = {
    "requester_name": "Miriam Kessler",
    "requester_email": "miriam.kessler@nordlicht.example",
    "requester_position": "Leiterin IT-Betrieb",
    "company": "Nordlicht Maschinenbau GmbH",
    "customer_number": "K-1",
    "hosting": "data_center",
    "entitlements": "SEN-10000001",
    "departed_name": "Petra Abend",
    "departed_email": "petra.abend@nordlicht.example",
    "contact_role": "technical",
    "successor_name": "Tobias Rauch",
    "successor_email": "tobias.rauch@nordlicht.example",
    "explanation": "Frau Abend ist ausgeschieden.",
    "authority": "true",
    "privacy": "true",
    "language": "de",
}


async def converse(reader, writer, file):
    """As much of SMTP (RFC 5321, 4954) as is needed."""

    def say(line):
        writer.write(line.encode() + b"\r\n")

    to, password = [], None
    say("220 mail.test ESMTP")
    while line := (await reader.readline()).decode("utf-8", "replace").rstrip():
        verb = line[:4].upper()
        if verb == "EHLO":
            say("250-mail.test")
            say("250-8BITMIME")
            say("250 AUTH PLAIN")
        elif verb == "AUTH":
            password = base64.b64decode(line.split()[2]).split(b"\0")[2].decode()
            say("235 welcome")
        elif verb == "RCPT":
            to.append(re.search("<(.*?)>", line)[1])
            say("250 ok")
        elif verb == "DATA":
            say("354 go on")
            lines = []
            while (line := await reader.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b".") else line)
            raw = b"".join(lines).decode("utf-8", "surrogateescape")
            with file.open("a") as kept:
                kept.write(json.dumps({"to": to, "raw": raw, "password": password}) + "\n")
            to = []
            say("250 taken")
        elif verb == "QUIT":
            say("221 bye")
            break
        else:
            say("250 ok")
        await writer.drain()
    writer.close()


async def serve_mail(port, file):
    server = await asyncio.start_server(lambda r, w: converse(r, w, file), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def letters(file):
    for line in file.read_text().splitlines() if file.exists() else []:
        kept = json.loads(line)
        message = email.message_from_string(kept["raw"], policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()
        yield kept["to"], message["subject"], text, kept["password"]


def wait_for_letter(file, to):
    for _ in range(240):
        for found in letters(file):
            if to in found[0]:
                return found
        time.sleep(0.25)
    sys.exit(f"no letter came to {to}")


def ask(address, path, fields=None):
    body = urllib.parse.urlencode(fields).encode() if fields is not None else None
    request = urllib.request.Request(address + path, body, {"Accept": "text/html", "X-Forwarded-For": "203.0.113.7"})
    if body is not None:
        request.add_header("Sec-Fetch-Site", "same-origin")

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        answer = urllib.request.build_opener(Stay).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.read().decode()


def walk(address, file, password):
    status, page = ask(address, "/escalations/new")
    assert status == 200 and "Name GmbH" in page, (status, page)
    status, page = ask(address, "/escalations", FORM | {"request_id": str(uuid.uuid4())})
    assert status == 303, (status, page)
    print("the form was taken")
    _, subject, text, used = wait_for_letter(file, FORM["requester_email"])
    print("a letter came:", subject)
    assert used == password, "the mail server was given another password than the file of the secret has"
    link = re.search(r"https://handover\.customer-name\.test(/confirmations/\S+)", text)[1]
    status, page = ask(address, link)
    assert status == 200, (status, page)
    status, page = ask(address, link, {})
    assert status == 303, (status, page)
    print("the request was confirmed")
    for role in ("successor_email", "departed_email"):
        print("a letter came:", wait_for_letter(file, FORM[role])[1])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve-mail", port, file]:
            asyncio.run(serve_mail(int(port), pathlib.Path(file)))
        case ["walk", address, file, password]:
            walk(address, pathlib.Path(file), password)
        case _:
            sys.exit(__doc__)
