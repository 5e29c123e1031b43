# The trail of what administrators change

changes-title = Changes of the administration
changes-hint = What administrators and the command line have changed. No line can be changed or deleted; “handover audit verify” recomputes the chain.
changes-lines = Lines
changes-line = Line
changes-at = When
changes-who = Who
changes-what = What
changes-data = Details
changes-file = As a file
changes-none = Nothing has been changed yet.
changes-next = Older lines
changes-actor-command_line = Command line
changes-actor-program = Handover
changes-block_created = added the text block “{ $title }”
changes-block_changed = changed the text block “{ $title }” (version { $version })
changes-block_retired = no longer offers the text block “{ $title }”
changes-block_restored = offers the text block “{ $title }” again
changes-staff_added = added { $about } ({ $role })
changes-staff_disabled = took away the access of { $about }
changes-staff_password_changed = gave { $about } another password
changes-second_factor_added = set up a second factor of { $about } ({ $factor })
changes-second_factor_removed = removed a second factor of { $about } ({ $factor })
changes-passkey_refused = refused a passkey of { $about }: maybe copied
changes-recovery_codes_renewed = renewed the recovery codes of { $about }
changes-recovery_code_used = used a recovery code of { $about }
changes-second_factors_reset = reset the second factor of { $about }
changes-customers_saved = saved a list of { $customers ->
    [one] one customer
   *[other] { $customers } customers
}
changes-register_imported = imported a file into the register: { $lines } { $lines ->
    [one] line
   *[other] lines
} read, { $refused } refused
changes-evidence_rekey_begun = is encrypting the evidence anew, with the key “{ $key }”
changes-evidence_rekey_ended = encrypted the evidence anew, with the key “{ $key }”: { $files } done, { $failures } unreadable
changes-unknown = did something that this version of Handover does not know; the file has the details
changes-csv-cut = There are older entries: before line { $line }, in another file.
