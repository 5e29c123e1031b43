"""A mail server that keeps each message before it says that it took it: a line of JSON in FILE, on the disk.

    sink.py PORT FILE

While FILE.hold exists, it keeps what comes and does not say so.
"""

import asyncio
import email
import hashlib
import json
import os
import pathlib
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Keep:
    def __init__(self, file):
        self.file = file
        self.hold = pathlib.Path(f"{file}.hold")

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        envelope.begun = time.time()
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        # Long enough that somebody dies in the middle.
        await asyncio.sleep(0.1)
        raw = envelope.original_content
        message = email.message_from_bytes(raw)
        text = next((part.get_payload(decode=True).decode() for part in message.walk() if part.get_content_type() == "text/plain"), "")
        kept = {
            "begun": envelope.begun, "at": time.time(), "to": envelope.rcpt_tos, "id": message["message-id"].strip(),
            "digest": hashlib.sha256(raw).hexdigest(), "text": text,
        }
        with self.file.open("a") as file:
            file.write(json.dumps(kept) + "\n")
            file.flush()
            os.fsync(file.fileno())
        while self.hold.exists():
            await asyncio.sleep(0.05)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=True)


if __name__ == "__main__":
    port, file = sys.argv[1:]
    controller = Controller(
        Keep(pathlib.Path(file)), hostname="127.0.0.1", port=int(port), authenticator=authenticate,
        auth_required=True, auth_require_tls=False, data_size_limit=10_000_000,
    )
    controller.start()
    while True:
        time.sleep(60)
