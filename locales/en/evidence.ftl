# Evidence: files put to a case, how they are taken, and the review of a document.
evidence-file = File
evidence-send = Upload file
evidence-nameless = File without a name
evidence-kind-pdf = PDF
evidence-kind-jpeg = Photo (JPEG)
evidence-kind-png = Image (PNG)
evidence-not-scanned-yet = This file has not been scanned for viruses yet. Please try again in a few minutes.
notice-evidence-added = The file has arrived.
notice-evidence-several-added = All files have arrived.
notice-evidence-removed = The file is removed.

## Why a file is not taken
evidence-rejected-no-file = Please choose a file that is not empty.
evidence-rejected-several-files = Please upload the files one by one.
evidence-rejected-too-large = The file is larger than { $file_size }. Save it smaller, for example at a lower resolution, or split it.
evidence-rejected-too-many = This case already has { $files } files; we accept no more. If something is still missing, please reply to one of our e-mails.
evidence-rejected-case-full = All files of this case may be { $case_size } together. Please save the file smaller.
evidence-rejected-store-full = At present we have no room for more files. Please reply to one of our e-mails, and we will find another way.
evidence-rejected-duplicate = We have this file already. You do not need to upload it again.
evidence-rejected-broken-off = The upload broke off. Please upload the file again.
evidence-rejected-too-slow = The upload took too long. Please try again, best over a faster connection or with a smaller file.
evidence-rejected-too-much-at-once = This was more than we take at once. What is not listed here as received has not arrived; please send it separately.
evidence-rejected-phone-photo = This is a photo in HEIC format, as iPhones take them. Please send it as JPEG: take it with the setting “Most Compatible” (Settings, Camera, Formats), or take a screenshot of it.
evidence-rejected-unknown-type = This file is not a PDF, JPEG or PNG. Please save a Word document as a PDF.
evidence-rejected-damaged = The file is damaged or incomplete. Please save it again and upload it once more.
evidence-rejected-protected = This PDF is encrypted or protected by a password. Please save it without protection. Do not send us a password.
evidence-rejected-active-content = This PDF contains scripts, programs, other files, links to such files, or a form that sends data. Please print it as a new PDF and upload that.
evidence-rejected-two-in-one = There is something else inside this file. Please open it, save it as a new file and upload that.
evidence-rejected-too-many-pixels = The image has too many pixels. Please save it at a lower resolution.
evidence-rejected-off = We accept no files here at present. Please reply to one of our e-mails, and we will find another way.

## For the customer
intake-evidence-title = Upload files
intake-evidence-what = If we asked you for a document, please upload it here rather than attaching it to an e-mail. A signed letter on company letterhead works well; it should name the contact on record, the new contact and the licences.
intake-evidence-files = Files
intake-evidence-hint = PDF, JPEG or PNG, { $most } at most for each file. You can choose several. No passwords and no licence keys, please.
intake-evidence-send = Upload files
intake-evidence-drop = Or drop files here.
intake-evidence-some-refused = { $taken ->
    [0] None of the files was taken.
    [one] One file has arrived; the others were not taken.
   *[other] { $taken } files have arrived; the others were not taken.
} Below you see the reason for each.
intake-evidence-results = What became of your files
intake-evidence-taken = received
intake-evidence-refused = not taken
intake-evidence-sending = being sent
intake-evidence-waits = waiting
intake-evidence-failed = The connection broke off. Please send this file again.
intake-evidence-converted = received, converted to JPEG
intake-evidence-done = All done: { $taken } received, { $refused } not taken.
intake-evidence-kept = We store your files encrypted and delete them some time after the case is closed.
intake-evidence-is-waiting = being checked
intake-evidence-is-received = received
intake-evidence-is-infected = malware, deleted
intake-evidence-is-deleted = deleted
intake-evidence-remove = Uploaded by mistake?
intake-evidence-remove-text = We delete what is in this file at once; it can’t be brought back. That there was a file stays on this page. If we have reviewed the file and based a decision on it, it stays.
intake-evidence-remove-button = Remove file

## At the desk
desk-evidence-hint = PDF, JPEG or PNG, { $most } at most. For example, what came by post.
desk-evidence-clean = no virus found
desk-evidence-waiting = being scanned for viruses
desk-evidence-unscanned = not scanned for viruses
desk-evidence-infected = malware, deleted
desk-evidence-signature = Finding:
desk-evidence-deleted = deleted
desk-evidence-deleted-at = deleted
desk-evidence-reviewed = basis of the review
desk-evidence-opened = Opened:
desk-evidence-remove-which = Which file does not belong here?
desk-evidence-remove-hint = Its content is deleted at once; name, size and digest stay. Files that a decision was ever based on can’t be removed.
desk-document-no-file = There is nothing to review until there is a file that can be opened.
desk-document-files = Which files did you review?
desk-document-checklist = What is true of it?
desk-document-checklist-hint = The review is passed only if all of it is true.
checklist-yes = yes
checklist-no = no
criterion-letterhead = The letter is on the customer’s letterhead.
criterion-signature = Somebody who may speak for the company signed it.
criterion-names = It names the requester, the contact on record, the new contact and the licences.
criterion-date = Its date is no more than a few weeks ago.
criterion-register = Address and domain of the letterhead agree with the register, not only with the form.
criterion-short-letterhead = letterhead
criterion-short-signature = signature
criterion-short-names = names and licences
criterion-short-date = date
criterion-short-register = compared with the register
criterion-none = nothing
action-remove_evidence = Remove a file
evidence-document_reviewed = { $name } reviewed { $count ->
    [one] one file
   *[other] { $count } files
}. True: { $met }. Not true, or open: { $unmet }.
refusal-no-evidence-file = Please choose at least one file of this case that can be opened.
refusal-checklist-not-met = A document passes only if every item of the list is answered with yes. Otherwise choose “failed” or “inconclusive”.
refusal-decided-on = A decision rests on this file. So it stays with the case.
refusal-without-reason = Please say why the file is removed.
event-evidence_added = added a file
event-evidence_removed = removed a file
event-evidence_scanned = scanned a file for viruses: { $result ->
    [clean] nothing found
    [infected] malware, deleted
   *[unscanned] no scanner is configured
}
event-evidence_deleted = deleted a file because its retention period ended
event-content_erased = erased { $scope ->
    [part] a part of the content
    [content] the content
   *[everything] all content and the correspondence
}: { $rule ->
    [unconfirmed] the request was never confirmed
    [content] the time of the content is over
    [correspondence] the time of the correspondence is over
   *[request] a person concerned has a right to it
}
event-chained = put under the chain what had come since the last line
