//! The ordinary parts of a story, so that a test tells only what is special about its own.

use handover::{case::actor::Role, casework::find_live_draft};
use uuid::Uuid;

use super::desk::{Answer, Desk, StaffVisitor, Visitor};

pub const REQUESTER: &str = "miriam.kessler@nordlicht.example";
pub const SUCCESSOR: &str = "tobias.rauch@nordlicht.example";
/// Another contact on record.
pub const VOUCHER: &str = "jonas.reuter@nordlicht.example";
pub const DEPARTED: &str = "petra.abend@nordlicht.example";
pub const ATLASSIAN: &str = "licensing@atlassian.example";

/// A complete, right form of Nordlicht's Miriam Kessler.
pub fn form() -> Vec<(&'static str, String)> {
    [
        ("requester_name", "Miriam Kessler"),
        ("requester_email", REQUESTER),
        ("requester_phone", "+49 30 23125 110"),
        ("requester_position", "Leiterin IT-Betrieb"),
        ("company", "Nordlicht Maschinenbau GmbH"),
        ("customer_number", "K-1"),
        ("hosting", "data_center"),
        ("entitlements", "SEN-10000001\nsen-10000002"),
        ("departed_name", "Petra Abend"),
        ("departed_email", DEPARTED),
        ("departed_on", "2026-05-31"),
        ("contact_role", "technical"),
        ("successor_name", "Tobias Rauch"),
        ("successor_email", SUCCESSOR),
        ("explanation", "Frau Abend ist ausgeschieden, das Postfach ist abgeschaltet."),
        ("authority", "true"),
        ("privacy", "true"),
        ("language", "de"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .chain([("request_id", Uuid::new_v4().to_string())])
    .collect()
}

/// The form with some fields changed; an empty value stands for a field left empty.
pub fn form_with(changes: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut fields = form();
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    fields
}

impl Visitor {
    pub async fn escalates(&self, fields: &[(&'static str, String)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post("/escalations", &fields).await
    }
}

impl Desk {
    /// The number of the newest case.
    pub async fn newest(&self) -> String {
        sqlx::query_scalar("select number from cases order by opened_at desc, number desc limit 1")
            .fetch_one(&self.casework.app.pool)
            .await
            .unwrap()
    }

    /// A case whose requester has confirmed and whose first checks have run.
    pub async fn confirmed_case(&self, visitor: &Visitor, fields: &[(&'static str, String)]) -> String {
        let address = fields.iter().find(|(name, _)| *name == "requester_email").unwrap().1.clone();
        visitor.escalates(fields).await.went_well();
        self.work_until_idle().await;
        let link = self.take_letter(&address).link("confirmations");
        visitor.post(&link, &[]).await.went_well();
        self.work_until_idle().await;
        self.newest().await
    }

    /// A case that is verified: the new contact accepted, staff called, nobody objected. `agent` did the call.
    pub async fn verified_case(&self, visitor: &Visitor, agent: &StaffVisitor) -> String {
        let number = self.confirmed_case(visitor, &form()).await;
        self.verify(visitor, agent, number).await
    }

    /// As [`Desk::verified_case`], beside another case of the same people: about another entitlement.
    pub async fn verified_case_of(&self, visitor: &Visitor, agent: &StaffVisitor) -> String {
        let fields = form_with(&[("entitlements", "SEN-10000002")]);
        let number = self.confirmed_case(visitor, &fields).await;
        self.verify(visitor, agent, number).await
    }

    async fn verify(&self, visitor: &Visitor, agent: &StaffVisitor, number: String) -> String {
        let link = self.take_letter(SUCCESSOR).link("successors");
        visitor.post(&link, &[("decision", "accept")]).await.went_well();
        agent.calls_back(&number).await;
        self.later(8 * 24).await;
        self.take_all_letters();
        assert_eq!(self.state(&number).await, "verified");
        number
    }

    /// The new contact takes the letter that asks for it, and says whether they have access.
    pub async fn new_contact_says(&self, visitor: &Visitor, access: &str) {
        let letter = self.take_letters(SUCCESSOR).pop().expect("a letter to the new contact");
        let link = letter.link("successors");
        visitor.post(&format!("{link}/access-confirmation"), &[("access", access)]).await.went_well();
    }

    /// The digest of the draft under work.
    pub async fn digest(&self, number: &str) -> String {
        let case = self.find_case(number).await;
        let mut connection = self.casework.app.pool.acquire().await.unwrap();
        find_live_draft(&mut connection, case).await.unwrap().unwrap().digest.into()
    }

    /// A case with Atlassian: drafted by one, approved by another.
    pub async fn submitted_case(&self, visitor: &Visitor) -> (String, StaffVisitor, StaffVisitor) {
        let (agent, approver) =
            (self.staff("ann", Role::Agent).await, self.staff("ben", Role::Approver).await);
        let number = self.verified_case(visitor, &agent).await;
        agent.drafts(&number).await;
        approver.approves(&number).await.went_well();
        (number, agent, approver)
    }
}

/// A letter as PDF; `words` tell one from another.
pub fn letter_as_pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% {words}\nstartxref\n9\n%%EOF\n").into_bytes()
}

impl StaffVisitor {
    /// Puts a letter to the case, reviews it and finds everything in order.
    pub async fn reviews_a_letter(&self, number: &str) -> Answer {
        let letter = letter_as_pdf("came by post");
        self.visitor
            .uploads(&format!("/desk/cases/{number}/evidence"), "letter.pdf", &letter)
            .await
            .went_well();
        self.decides_document(number, "passed", &[]).await
    }

    /// Decides the document on all files that the page offers, with every answer yes but those that are given.
    pub async fn decides_document(&self, number: &str, verdict: &str, answers: &[(&str, &str)]) -> Answer {
        let page = self.open(number).await;
        let mut fields: Vec<(String, String)> =
            page.fields_like("file-").into_iter().map(|name| (name, "true".into())).collect();
        for name in page.fields_like("criterion-") {
            let given = answers.iter().find(|(criterion, _)| name == format!("criterion-{criterion}"));
            fields.push((name, given.map_or("yes", |(_, answer)| answer).to_owned()));
        }
        fields.push(("verdict".into(), verdict.into()));
        fields.push(("note".into(), "Letter on letterhead seen, signature compared.".into()));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.does(number, "checks/document", &fields).await
    }

    pub async fn calls_back(&self, number: &str) {
        let page = self.open(number).await;
        let phone =
            if page.words().contains("+49 30 23125 102") { "030 / 23125-102" } else { "+49 89 99998 201" };
        let note = "Number on record called, change confirmed.";
        let fields = [("verdict", "passed"), ("number", phone), ("note", note)];
        self.does(number, "checks/callback", &fields).await.went_well();
    }

    /// Puts the suggested text forward as it is.
    pub async fn drafts(&self, number: &str) {
        let page = self.open(number).await;
        let fields = ["subject", "opening", "closing"].map(|name| (name, page.field(name).unwrap()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.does(number, "draft", &fields).await.went_well();
    }

    /// The digest of the message that the approval page shows.
    pub async fn looks_at_the_message(&self, number: &str) -> String {
        let page = self.get(&format!("/desk/cases/{number}/approval")).await.is(200);
        page.field("digest").expect("the page offers no approval")
    }

    /// Approves what the page shows.
    pub async fn approves(&self, number: &str) -> Answer {
        let digest = self.looks_at_the_message(number).await;
        self.approves_bytes(number, &digest).await
    }

    /// Approves, page or no page.
    pub async fn approves_bytes(&self, number: &str, digest: &str) -> Answer {
        self.does(number, "approval", &[("digest", digest)]).await
    }
}
