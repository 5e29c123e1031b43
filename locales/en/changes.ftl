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
changes-staff_password_reset = set a new password for { $about } with a link from an e-mail
changes-staff_role_changed = gave { $about } the role { $role }
changes-staff_reactivated = let { $about } in again ({ $role })
changes-staff_sessions_ended = signed { $about } out everywhere ({ $sessions ->
    [one] one session
   *[other] { $sessions } sessions
})
changes-staff_cases_handed_over = handed over the open cases of { $about }: { $cases }
changes-staff_invited = invited somebody ({ $role })
changes-staff_invitation_sent_again = sent an invitation again
changes-staff_invitation_withdrawn = withdrew an invitation
changes-staff_joined = took up an invitation ({ $role })
changes-service_added = added the service account { $about } ({ $role })
changes-token_created = made a token for { $about }: { $scopes }
changes-token_ended = ended a token of { $about }
changes-staff_joined_by_provider = made an account for { $about } ({ $role }), who came by “{ $provider }”
changes-staff_role_by_provider = gave { $about } the role { $role }, as the groups of “{ $provider }” say
changes-identity_bound = bound { $about } to an identity at “{ $provider }”
changes-identity_unbound = took the identity at “{ $provider }” from { $about }
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
changes-log_key_replaced = lets heads of the log be signed by a key that the lost one before it did not sign: { $key }
changes-evidence_rekey_begun = is encrypting the evidence anew, with the key “{ $key }”
changes-evidence_rekey_ended = encrypted the evidence anew, with the key “{ $key }”: { $files } done, { $failures } unreadable
changes-webhook_created = { $personal ->
    [true] added the webhook “{ $about }”, with personal data
   *[false] added the webhook “{ $about }”
}
changes-webhook_changed = { $personal ->
    [true] changed the webhook “{ $about }”, with personal data
   *[false] changed the webhook “{ $about }”
}
changes-webhook_secret_changed = gave the webhook “{ $about }” another secret
changes-webhook_enabled = switched the webhook “{ $about }” on
changes-webhook_disabled = { $why ->
    [gone] switched the webhook “{ $about }” off: its receiver no longer exists
    [failing] switched the webhook “{ $about }” off: it took nothing for days
   *[administrator] switched the webhook “{ $about }” off
}
changes-webhook_deleted = deleted a webhook
changes-person_exported = made a copy of what is kept of a person: { $rows ->
    [one] one record
   *[other] { $rows } records
}
changes-erasure_asked = asked to erase a person (request { $request })
changes-erasure_consented = consented to erasing a person (request { $request })
changes-erasure_withdrawn = withdrew a request to erase a person (request { $request })
changes-erasure_expired = ended a request to erase a person that nobody consented to (request { $request })
changes-person_erased = erased a person: { $rows ->
    [one] one record
   *[other] { $rows } records
}, { $kept } kept
changes-forgotten = erased what was over: { $class } ({ $rows })
changes-case_deleted = deleted { $number }, whose time was over ({ $years } years)
retention-class-access = access that ended
retention-class-form_letters = counts of the form
retention-class-staff_letters = e-mails to staff
retention-class-other_letters = letters about no case
retention-class-set_aside_mail = messages about no case
retention-class-look_ups = answers about domains
changes-unknown = did something that this version of Handover does not know; the file has the details
changes-csv-cut = There are older entries: before line { $line }, in another file.
