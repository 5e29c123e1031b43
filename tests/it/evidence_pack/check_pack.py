"""Checks evidence packs by docs/EVIDENCE.md alone: the standard library, and openssl for the two signatures.

python3 check_pack.py PACK.zip [PACK.zip …]    one line for each; exit code 1 where one does not hold.
"""

import base64, hashlib, json, re, subprocess, sys, tempfile, zipfile

DECIDES = {"cases", "escalations", "case_entitlements", "case_notes", "checks", "corrections", "address_corrections", "drafts", "approvals"}
BESIDE = {"evidence_files", "links", "emails", "letter_texts", "deliveries", "inbound_emails", "bounces", "contact_changes",
          "prepared_requests", "evidence_downloads", "inbound_downloads", "case_exports"}
FIRST = ["chain.json", "records.json", "settings.json", "proof.json", "case.json", "case.html", "case.pdf"]
LAST = ["manifest.json", "manifest.sig"]
NAME = re.compile(r"(mails|files)/[a-z0-9-]+\.[a-z0-9-]+")
DECIDERS = {"called", "check_decided", "check_waived", "objection_dismissed", "facts_corrected", "prepared"}


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def must(holds, what):
    if not holds:
        raise ValueError(what)


def is_signed(text, signature, pem):
    with tempfile.NamedTemporaryFile() as data, tempfile.NamedTemporaryFile() as key, tempfile.NamedTemporaryFile() as sig:
        for file, content in ((data, text.encode()), (key, pem.encode()), (sig, base64.b64decode(signature, validate=True))):
            file.write(content)
            file.flush()
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key.name, "-in", data.name, "-sigfile", sig.name]
        return subprocess.run(command, capture_output=True).returncode == 0


def signed_text(text, pem, what):
    """A text whose last line signs those before it, by a key whose id stands in the line above."""
    body, line = text.rsplit("signature ", 1)
    key = base64.b64decode("".join(pem.strip().split("\n")[1:-1]))[12:]
    must(body.endswith(f"\nkey {sha(key).hex()}\n") and line.endswith("\n"), f"{what}: another key")
    must(is_signed(body, line[:-1], pem), f"{what}: not signed")
    return body


def read(path):
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        names = [info.filename for info in infos]
        must(len(infos) <= 10_000 and sum(info.file_size for info in infos) < 2 << 30, "too large")
        must(len(set(names)) == len(names), "two entries of one name")
        middle = names[len(FIRST):-len(LAST)]
        must(names == FIRST + middle + LAST and all(NAME.fullmatch(name) for name in middle), "other entries")
        return {name: archive.read(name) for name in names}


def check(path):
    entries = read(path)
    manifest, chain, records, settings, proof = (
        json.loads(entries[name]) for name in ("manifest.json", "chain.json", "records.json", "settings.json", "proof.json"))
    listed = [{"name": n, "size": len(b), "sha256": sha(b).hex()} for n, b in entries.items() if n not in LAST]
    must(manifest["entries"] == listed, "the manifest")
    must(manifest["number"] == chain["number"] and manifest["variant"] == settings["variant"], "one pack")
    must(manifest["format"] == settings["format"] == "handover-pack-v1", "the format")
    text = signed_text(entries["manifest.sig"].decode(), manifest["public_key"], "manifest.sig")
    must(text.startswith(f"handover-pack-manifest-v1\nmanifest {sha(entries['manifest.json']).hex()}\n"), "manifest.sig")

    previous, place, said, data = "0" * 64, None, {}, {}
    for number, line in enumerate(chain["lines"], 1):
        fields = [chain["case"], line["seq"], line["version"], line["at"], line["actor"], line["staff"] or "", line["kind"], line["data"]]
        made = sha(bytes.fromhex(previous), "".join(f"{field}\n" for field in fields).encode()).hex()
        must(line["seq"] == number and line["previous"] == previous and line["hash"] == made, f"line {number}")
        data = json.loads(line["data"])
        must((data["from"] or "") == (place or ""), f"line {number} begins elsewhere")
        by_itself = line["kind"] == "chained" and said
        for text in data.get("rests_on", []):
            digest, name = text.split(" ", 1)
            must(not by_itself or name.split(" ")[0] in BESIDE, f"{name} slipped in")
            said = {**said, name: digest}
        previous, place = made, data["to"]
    must(chain["lines"], "no lines")

    rows, whole = {}, manifest["variant"] == "whole"
    old = not said
    for record in records:
        name = f"{record['subject']} {record['key']}".strip()
        must(record["subject"] in DECIDES | BESIDE and name not in rows, name)
        plain, personal, salt, inner = (record.get(part) for part in ("plain", "personal", "salt", "personal_digest"))
        if record.get("gone"):
            must(not (plain or personal or salt or inner), name)
            plain = "gone"
        else:
            must((plain is not None and personal is not None and inner is None) if whole else (personal is None and salt is None), name)
        if personal not in (None, "{}"):
            inner = sha(bytes.fromhex(salt or ""), personal.encode()).hex()
        if plain is not None:
            made = sha(f"{record['subject']}\n{record['key']}\n{plain}\n{inner or ''}".encode()).hex()
            must(made == record["digest"], name)
        waits = record.get("waits") and (old or record["subject"] in BESIDE)
        must(said.get(name) == record["digest"] or waits, f"{name} is not what the trail rests on")
        rows[name] = {} if record.get("gone") else {**json.loads(plain or "{}"), **json.loads(personal or "{}")}
    for name, digest in said.items():
        table, _, key = name.partition(" ")
        must(name in rows or digest == sha(f"{table}\n{key}\ngone\n".encode()).hex(), f"{name} is missing")
    case = rows["cases"]
    must(not case or (case["id"], case["number"], case["state"]) == (chain["case"], chain["number"], place), "another case's trail")

    for name, content in entries.items():
        folder, _, rest = name.partition("/")
        if rest:
            way, _, key = rest.split(".")[0].partition("-")
            table, key, column = {("mails", "out"): ("emails", key, "digest"), ("mails", "in"): ("inbound_emails", key, "content_hash")}.get(
                (folder, way), ("evidence_files", rest.split(".")[0], "sha256"))
            must(rows[f"{table} {key}"][column] == "\\x" + sha(content).hex(), name)

    given = [line for line in chain["lines"] if line["kind"] == "approved"]
    approvals = {name.split(" ")[1]: row for name, row in rows.items() if name.startswith("approvals ")}
    must(len(given) == len(approvals), "approvals")
    for key, row in approvals.items():
        draft = rows[f"drafts {row['draft_id']}"]
        must([draft["digest"], draft["evidence_digest"], draft["author_id"]] == [row["digest"], row["evidence_digest"], row["drafted_by"]], key)
        (line,) = [line for line in given if json.loads(line["data"])["draft"] == row["draft_id"]]
        must(line["staff"] == row["approved_by"] and "\\x" + json.loads(line["data"])["digest"] == row["digest"], key)
        hands = {other["staff"] for other in chain["lines"][:line["seq"] - 1] if other["kind"] in DECIDERS | {"drafted"}}
        must(row["approved_by"] not in hands | {row["drafted_by"]}, f"{key}: four eyes")
        must(all(mail["digest"] == row["digest"] for mail in rows.values() if mail.get("approval_id") == key), key)

    if proof:
        # RFC 9162, 2.1.3.2.
        head = signed_text(proof["head"], proof["public_key"], "the head")
        must(proof["public_key"] == manifest["public_key"], "two keys")
        fields = dict(line.split(" ", 1) for line in head.strip().split("\n")[1:])
        word, kind, number, count, digest = proof["leaf"].strip().split("\n")
        must([word, kind, number] == ["handover-log-leaf-v1", "case", chain["number"]], "the leaf")
        must(chain["lines"][int(count) - 1]["hash"] == digest and int(count) > 0, "what was logged")
        index, last, made = proof["leaf_index"], proof["tree_size"] - 1, sha(b"\0", proof["leaf"].encode())
        must(head.startswith("handover-log-head-v1\n") and index <= last and int(fields["size"]) == last + 1, "the head")
        for beside in map(bytes.fromhex, proof["proof"]):
            must(last > 0, "the proof is too long")
            if index % 2 or index == last:
                made = sha(b"\1", beside, made)
                while index % 2 == 0 and index:
                    index, last = index >> 1, last >> 1
            else:
                made = sha(b"\1", made, beside)
            index, last = index >> 1, last >> 1
        must(last == 0 and made.hex() == fields["root"], "the proof")


def main():
    sound = True
    for path in sys.argv[1:]:
        try:
            check(path)
            print(f"holds {path}")
        except Exception as error:
            sound = False
            print(f"broken {path}: {error!r}")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
