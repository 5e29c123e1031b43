-- Domains of customers are kept as they are written from now on, and parents that strangers share stand for nobody. Until now
-- each was cut to what can be registered: customers of one provider got its parent, which now matches no address.

-- The rows stay, so that nothing is lost and `handover doctor` can name them. Beside them come the names below them from which
-- the customer's contacts write, unless contacts of another customer write from there, above or below, too.
with parents (domain) as (values
    ('onmicrosoft.com'), ('mail.onmicrosoft.com'), ('onmicrosoft.de'), ('mail.onmicrosoft.de'), ('onmicrosoft.us'),
    ('mail.onmicrosoft.us'), ('onmschina.cn'), ('partner.onmschina.cn'), ('partner.mail.onmschina.cn'),
    ('microsoftonline.com'), ('sharepoint.com'), ('sharepoint.de'), ('sharepoint.us'), ('sharepoint.cn'),
    ('mail.protection.outlook.com'), ('azurecomm.net'), ('test-google-a.com'), ('gserviceaccount.com'),
    ('iam.gserviceaccount.com'), ('appspotmail.com'), ('amazonses.com'), ('atlassian.net'),
    ('atlassian-us-gov-mod.net'), ('jira.com'), ('zendesk.com'), ('freshdesk.com'), ('freshservice.com'),
    ('myfreshworks.com'), ('helpscoutapp.com'), ('zohodesk.com'), ('zohodesk.eu'), ('kayako.com'), ('zammad.com'),
    ('gorgias.com'), ('groovehq.com'), ('uservoice.com'), ('happyfox.com'), ('teamwork.com'), ('desk.com'),
    ('service-now.com'), ('servicenowservices.com'), ('topdesk.net'), ('easyvista.com'), ('jitbit.com'),
    ('supportbee.com'), ('hubspot-inbox.com'), ('intercom-mail.com'), ('my.salesforce.com'), ('case.salesforce.com'),
    ('apex.salesforce.com'), ('le.salesforce.com'), ('cloudforce.com'), ('database.com'), ('my.site.com'),
    ('slack.com'), ('monday.com'), ('pipedrive.com'), ('odoo.com'), ('weclapp.com'), ('personio.de'),
    ('personio.com'), ('bamboohr.com'), ('greenhouse.io'), ('recruitee.com'), ('basecamphq.com'), ('highrisehq.com'),
    ('podio.com'), ('netsuite.com'), ('myworkday.com'), ('bitrix24.com'), ('bitrix24.de'), ('bitrix24.eu'),
    ('teamleader.eu'), ('hs-inbox.com'), ('mailgun.org'), ('sendgrid.net'), ('sparkpostmail.com'),
    ('mandrillapp.com'), ('mailchimpapp.net'), ('brevosend.com'), ('anonaddy.com'), ('anonaddy.me'),
    ('your-server.de'), ('stratoserver.net'), ('rzone.de'), ('kundenserver.de'), ('onlinehome-server.info'),
    ('onlinehome-server.com'), ('yourvserver.net'), ('ultrasrv.de'), ('agenturserver.de'), ('ispgateway.de'),
    ('contaboserver.net'), ('server4you.de'), ('serverprofis.net'), ('uberspace.de'), ('myhostpoint.ch'),
    ('secureserver.net'), ('hostgator.com'), ('bluehost.com'), ('dreamhost.com'), ('ovh.net'), ('kimsufi.com'),
    ('siteground.biz'), ('bund.de'), ('baden-wuerttemberg.de'), ('bwl.de'), ('justiz.bwl.de'), ('polizei.bwl.de'),
    ('schule.bwl.de'), ('landbw.de'), ('bayern.de'), ('schule.bayern.de'), ('berlin.de'), ('verwalt-berlin.de'),
    ('schule.berlin.de'), ('brandenburg.de'), ('bremen.de'), ('schule.bremen.de'), ('hamburg.de'), ('hessen.de'),
    ('justiz.hessen.de'), ('schule.hessen.de'), ('schulverwaltung.hessen.de'), ('mv-regierung.de'), ('mv-justiz.de'),
    ('niedersachsen.de'), ('justiz.niedersachsen.de'), ('nrw.de'), ('polizei.nrw.de'), ('nrw.schule'), ('rlp.de'),
    ('jm.rlp.de'), ('polizei.rlp.de'), ('bildung-rp.de'), ('saarland.de'), ('sachsen.de'), ('justiz.sachsen.de'),
    ('polizei.sachsen.de'), ('lernsax.de'), ('sachsen-anhalt.de'), ('justiz.sachsen-anhalt.de'), ('bildung-lsa.de'),
    ('schleswig-holstein.de'), ('landsh.de'), ('thueringen.de'), ('justiz.thueringen.de'), ('schule.thueringen.de'),
    ('bgld.gv.at'), ('ktn.gv.at'), ('noe.gv.at'), ('ooe.gv.at'), ('salzburg.gv.at'), ('stmk.gv.at'), ('tirol.gv.at'),
    ('vorarlberg.gv.at'), ('gde.at'), ('ktn.gde.at'), ('schule.at'), ('eduhi.at'), ('tsn.at'), ('admin.ch'),
    ('zh.ch'), ('be.ch'), ('lu.ch'), ('ur.ch'), ('sz.ch'), ('ow.ch'), ('nw.ch'), ('gl.ch'), ('zg.ch'), ('fr.ch'),
    ('so.ch'), ('bs.ch'), ('bl.ch'), ('sh.ch'), ('ar.ch'), ('ai.ch'), ('sg.ch'), ('gr.ch'), ('ag.ch'), ('tg.ch'),
    ('ti.ch'), ('vd.ch'), ('vs.ch'), ('ne.ch'), ('ge.ch'), ('ju.ch'), ('europa.eu'), ('nato.int'), ('mpg.de'),
    ('fraunhofer.de'), ('dhbw.de'), ('belwue.de'), ('ekd.de'), ('elkb.de'), ('ekhn.de'), ('ekkw.de'), ('ekir.de'),
    ('ekvw.de'), ('ekbo.de'), ('ekmd.de'), ('ekiba.de'), ('elk-wue.de'), ('evlka.de'), ('evlks.de'),
    ('evkirchepfalz.de'), ('nordkirche.de'), ('kirche-bremen.de'), ('evang.at'), ('ref.ch'), ('kath.ch'),
    ('ebmuc.de'), ('erzbistum-koeln.de'), ('erzbistum-paderborn.de'), ('erzbistum-bamberg.de'),
    ('bistum-augsburg.de'), ('bistum-mainz.de'), ('bistum-trier.de'), ('bistum-muenster.de'), ('bistum-wuerzburg.de'),
    ('bistumlimburg.de'), ('drs.de'), ('drk.de'), ('brk.de'), ('roteskreuz.at'), ('caritas.de'), ('caritas.ch'),
    ('diakonie.de'), ('awo.de'), ('johanniter.de'), ('malteser.org'), ('lebenshilfe.de'), ('paritaet.org'),
    ('asb.de'), ('dlrg.de'), ('nabu.de'), ('bund.net'), ('adfc.de'), ('ihk.de'), ('hwk.de'), ('aok.de'), ('dgb.de'),
    ('verdi.de'), ('igmetall.de'), ('spd.de'), ('cdu.de'), ('csu.de'), ('fdp.de'), ('gruene.de'), ('spoe.at'),
    ('gruene.at'), ('gruene.ch'), ('raiffeisen.at'), ('volksbank.at'), ('sparkasse.at'), ('edeka.de'),
    ('lagerhaus.at')
),
addresses as (
    select distinct e.customer_id, lower(split_part(k.email, '@', 2)) as domain
    from contacts k join entitlements e on e.id = k.entitlement_id
),
written as (
    select distinct a.customer_id, a.domain
    from customer_domains d
    join parents p on p.domain = d.domain
    join addresses a on a.customer_id = d.customer_id and right(a.domain, length(d.domain) + 1) = '.' || d.domain
    where a.domain not in (select domain from parents)
)
insert into customer_domains (customer_id, domain)
select w.customer_id, w.domain from written w
where not exists (
    select from addresses other
    where other.customer_id <> w.customer_id and other.domain not in (select domain from parents)
        and (other.domain = w.domain or right(other.domain, length(w.domain) + 1) = '.' || w.domain
            or right(w.domain, length(other.domain) + 1) = '.' || other.domain))
on conflict do nothing;
