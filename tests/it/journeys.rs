//! The main path, from escalation to closed, as customers, staff and Atlassian live it: real pages, real letters, real
//! SMTP. Once in German, once in English.

use handover::{case::actor::Role, mail::address::verify_signed_address};

use crate::helpers::{
    desk::Desk,
    story::{ATLASSIAN, DEPARTED, REQUESTER, SUCCESSOR, form, form_with},
};

#[actix_web::test]
async fn from_escalation_to_closed_in_german() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let (customer, successor) = (desk.visitor("de"), desk.visitor("de"));
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);

    // The customer escalates and is told to look into the mailbox.
    let sent = customer.escalates(&form()).await.went_well();
    customer.get(&sent.location.unwrap()).await.is(200).says("Postfach");
    desk.work_until_idle().await;
    let number = desk.newest().await;
    assert_eq!(desk.state(&number).await, "unconfirmed");

    // Looking at the link changes nothing; the button does.
    let letter = desk.take_letter(REQUESTER);
    assert!(!letter.text.contains("Nordlicht"), "nothing of the form goes to an unconfirmed mailbox");
    assert_eq!(letter.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    let link = letter.link("confirmations");
    assert!(letter.html.unwrap().contains(&link), "text and HTML lead to the same page");
    let tag = verify_signed_address(&letter.return_path, &desk.casework.app.reply_signer);
    assert_eq!(tag, Some(format!("{}.r", number.to_lowercase())), "a bounce tells whose letter it was");
    customer.get(&link).await.is(200);
    assert_eq!(desk.state(&number).await, "unconfirmed");
    customer.submit(&link, &[]).await;
    assert_eq!(desk.state(&number).await, "verifying");

    // The checks run: three letters go out.
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    customer.get(&status).await.is(200).says(&number);
    let notice = desk.take_letter(DEPARTED);
    assert!(notice.text.contains("SEN-10000001") && notice.text.contains(SUCCESSOR), "{}", notice.text);
    let invitation = desk.take_letter(SUCCESSOR).link("successors");
    successor.submit(&invitation, &[("decision", "accept")]).await;

    // Staff call back; the notice's window passes without an objection.
    ann.open(&number).await.says("Nordlicht Maschinenbau GmbH");
    ann.does(&number, "assignment", &[("owner", "me")]).await.went_well();
    ann.calls_back(&number).await;
    assert_eq!(desk.state(&number).await, "verifying");
    desk.later(6 * 24).await;
    assert_eq!(
        desk.state(&number).await,
        "verifying",
        "five business days are more than six days from a Monday on"
    );
    desk.later(2 * 24).await;
    assert_eq!(desk.state(&number).await, "verified");

    // One drafts, another approves exactly what is then sent.
    ann.drafts(&number).await;
    assert_eq!(desk.state(&number).await, "awaiting_approval");
    ann.does(&number, "approval", &[("digest", "00")]).await.is(403);
    let shown = ben.looks_at_the_message(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    let request = desk.take_letter(ATLASSIAN);
    assert_eq!(data_encoding::HEXLOWER.encode(&handover::token::sha256(&request.raw)), shown);
    for header in ["Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "X-Auto-Response-Suppress"]
    {
        assert_eq!(request.header(header), None, "{header} is a machine's");
    }
    assert!(request.text.contains("SEN-10000001") && request.text.contains(SUCCESSOR), "{}", request.text);
    assert!(request.subject.contains(&number));
    assert_eq!(desk.state(&number).await, "with_atlassian");

    // The customer hears of it, Atlassian answers, the customer confirms.
    let heard: Vec<String> = desk.take_letters(REQUESTER).into_iter().map(|letter| letter.subject).collect();
    assert!(heard.len() == 2 && heard[0].starts_with("Wir haben alles, was wir brauchen"), "{heard:?}");
    assert!(desk.take_letter(SUCCESSOR).subject.contains("E-Mails zu den Atlassian-Lizenzen"));
    ann.does(&number, "answer", &[("answer", "done"), ("note", "Changed today.")]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(REQUESTER).link("cases");
    customer.submit(&format!("{status}/access-confirmation"), &[("access", "yes")]).await;
    assert_eq!(desk.state(&number).await, "awaiting_confirmation", "the new contact knows best");
    desk.new_contact_says(&successor, "yes").await;
    assert_eq!(desk.state(&number).await, "closed");
    desk.work_until_idle().await;
    let farewell = desk.take_letter(REQUESTER);
    assert!(farewell.text.contains("zweite Kontaktperson"), "{}", farewell.text);
    assert!(desk.take_letter(SUCCESSOR).text.contains("zweite Kontaktperson"));
    assert!(desk.take_letter(DEPARTED).subject.starts_with("Der Kontaktwechsel ist abgeschlossen"));
    ann.open(&number).await;
    desk.finish().await;
}

#[actix_web::test]
async fn from_escalation_to_closed_in_english_with_a_question_and_without_access_at_first() {
    let desk = Desk::start().await;
    desk.import_register().await;
    let customer = desk.visitor("en");
    let (ann, ben) = (desk.staff("ann", Role::Agent).await, desk.staff("ben", Role::Approver).await);
    let fields = form_with(&[
        ("language", "en"),
        ("requester_name", "Katharina Moser"),
        ("requester_email", "katharina.moser@almrausch.example"),
        ("company", "Almrausch Touristik GmbH"),
        ("hosting", "cloud"),
        ("entitlements", "https://almrausch.atlassian.net/wiki"),
        ("departed_name", "Vinzenz Hochleitner"),
        ("departed_email", "vinzenz.hochleitner@almrausch.example"),
        ("departed_on", ""),
        ("successor_is_requester", "true"),
        ("successor_name", ""),
        ("successor_email", ""),
        ("explanation", "Mr Hochleitner has left. Nobody can open the billing pages."),
    ]);
    let number = desk.confirmed_case(&customer, &fields).await;
    let requester = "katharina.moser@almrausch.example";
    let status = desk.take_letter(requester).link("cases");
    assert!(desk.take_letter("vinzenz.hochleitner@almrausch.example").text.contains(requester));

    // A question goes out and comes back answered.
    ann.does(&number, "question", &[("question", "Billing as well,\nor technical only?")]).await.went_well();
    desk.work_until_idle().await;
    let letter = desk.take_letter(requester);
    assert!(letter.text.contains("Billing as well,"), "{}", letter.text);
    customer.get(&status).await.is(200).says("Billing as well");
    customer.submit(&format!("{status}/answer"), &[("answer", "Technical only, please.")]).await;
    ann.open(&number).await.says("Technical only, please.");

    // The only contact on record is the one who left, and so is the only number: the page says which way is left.
    let call = [("verdict", "passed"), ("number", "+49 89 99998 201"), ("note", "Somebody answered.")];
    ann.does(&number, "checks/callback", &call).await.is(422);
    ann.open(&number)
        .await
        .says("Everything so far rests on one thing: the domain almrausch.example.")
        .says("If nobody is on record for that, a reviewed document is left");
    ann.reviews_a_letter(&number).await.went_well();
    desk.later(8 * 24).await;
    assert_eq!(desk.state(&number).await, "verifying");
    let cora = desk.staff("cora", Role::Approver).await;
    cora.open(&number).await.says("Waive confirmation by others");
    let waive = [("waive", "true"), ("reason", "A company of two; the letter was checked.")];
    cora.does(&number, "checks/vouch", &waive).await.went_well();
    assert_eq!(desk.state(&number).await, "verified");
    desk.work_until_idle().await;
    assert!(desk.take_letter(requester).subject.starts_with("We have everything we need"));
    ann.drafts(&number).await;
    cora.get(&format!("/desk/cases/{number}/approval")).await.says("A company of two");
    cora.does(&number, "approval", &[("digest", &desk.digest(&number).await)]).await.is(403);
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    assert!(desk.take_letter(ATLASSIAN).text.contains("almrausch.atlassian.net"));
    desk.take_letter(requester);

    // Atlassian told the customer directly, but it does not work yet.
    ann.does(&number, "answer", &[("answer", "told_customer")]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(requester).link("cases");
    customer
        .submit(
            &format!("{status}/access-confirmation"),
            &[("access", "no"), ("note", "The old name is still shown.")],
        )
        .await;
    assert_eq!(desk.state(&number).await, "with_atlassian");
    ann.open(&number).await.says("The old name is still shown.");

    // A follow-up takes the same way, with four eyes.
    ann.drafts(&number).await;
    ben.approves(&number).await.went_well();
    desk.work_until_idle().await;
    desk.take_letter(ATLASSIAN);
    ann.does(&number, "answer", &[("answer", "done")]).await.went_well();
    desk.work_until_idle().await;
    let status = desk.take_letter(requester).link("cases");
    customer.submit(&format!("{status}/access-confirmation"), &[("access", "yes")]).await;
    desk.work_until_idle().await;
    assert!(desk.take_letter(requester).text.contains("second"));
    let told = desk.take_letter("vinzenz.hochleitner@almrausch.example");
    assert!(told.text.contains("the contact has changed"), "{}", told.text);
    assert_eq!(desk.state(&number).await, "closed");
    desk.finish().await;
}
