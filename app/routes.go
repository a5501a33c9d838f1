package app

import (
	"github.com/gofiber/fiber/v2"

	"soundings/surveys"
)

// access is who may use a route.
type access uint8

const (
	public         access = iota // anyone
	signedIn                     // any account
	owner                        // an owner of the installation
	designer                     // an owner, or a designer of any programme
	programme                    // an account whose role in :programme has the permission
	bearer                       // the API: any account's token
	bearerOwner                  // the API: an owner's token
	bearerDesigner               // the API: the token of an owner, or of a designer of any programme
	bearerFor                    // the API: a token whose account has the permission in :programme
)

// route is one line of the table: what it is, who may use it, what answers.
type route struct {
	method string
	path   string
	access access
	needs  surveys.Permission // for programme and bearerFor
	handle func(*Server, *fiber.Ctx) error
	slow   bool // may take minutes: exports, live pages
}

// routes is every route of the application. A test walks it for every role and
// signed out, and fails on a route that is served and not listed.
func routes() []route {
	const (
		get, post = fiber.MethodGet, fiber.MethodPost
		see       = surveys.MaySeeProgramme
		manage    = surveys.MayManage
		links     = surveys.MayRunLinks
		answers   = surveys.MayReadAnswers
		paper     = surveys.MayEnterPaper
		figures   = surveys.MayReadFigures
		concerns  = surveys.MayReadConcerns
	)
	return []route{
		// Anyone.
		{get, "/healthz", public, 0, (*Server).alive, false},
		{get, "/readyz", public, 0, (*Server).ready, false},

		// Respondents. The link's token authorises.
		{get, "/s/:token", public, 0, (*Server).getLanding, false},
		{post, "/s/:token/start", public, 0, (*Server).postStart, false},
		{get, "/s/:token/start", public, 0, (*Server).getElsewhere, false},
		{get, "/s/:token/part/:part", public, 0, (*Server).getPart, false},
		{post, "/s/:token/part/:part", public, 0, (*Server).postPart, false},
		{get, "/s/:token/check", public, 0, (*Server).getCheck, false},
		{post, "/s/:token/language", public, 0, (*Server).postLanguage, false},
		{get, "/s/:token/language", public, 0, (*Server).getElsewhere, false},
		{post, "/s/:token/send", public, 0, (*Server).postSend, false},
		{get, "/s/:token/send", public, 0, (*Server).getElsewhere, false},
		{post, "/s/:token/submit", public, 0, (*Server).postSubmit, false},
		{get, "/s/:token/submit", public, 0, (*Server).getElsewhere, false},
		{post, "/s/:token/begun", public, 0, (*Server).postBegun, false},
		{get, "/s/:token/media/:id", public, 0, (*Server).getMedium, false},
		{get, "/s/:token/thanks", public, 0, (*Server).getThanks, false},
		{post, "/s/:token/again", public, 0, (*Server).postAgain, false},
		{get, "/s/:token/again", public, 0, (*Server).getElsewhere, false},
		{get, "/sw.js", public, 0, (*Server).getWorker, false},
		{get, "/static/respond_later.js", public, 0, (*Server).getLater, false},
		{get, "/static/respond_closed.js", public, 0, (*Server).getLater, false},
		{post, "/s/:token/late", public, 0, (*Server).postLate, false},
		{get, "/s/:token/late", public, 0, (*Server).getElsewhere, false},
		{get, "/s/:token/saved", public, 0, (*Server).getSaved, false},
		{get, "/s/:token/resume", public, 0, (*Server).getResume, false},
		{post, "/s/:token/resume", public, 0, (*Server).postResume, false},

		// Rooms. The room's token authorises.
		{get, "/room/worker.js", public, 0, (*Server).getRoomWorker, false},
		{get, "/room/:room", public, 0, (*Server).getRoom, false},
		{get, "/room/:room/form", public, 0, (*Server).getRoomForm, false},
		{get, "/room/:room/state", public, 0, (*Server).getRoomState, false},
		{post, "/room/:room/begun", public, 0, (*Server).postRoomBegun, false},
		{post, "/room/:room/submit", public, 0, (*Server).postRoomSubmit, false},
		{post, "/room/:room/sealed", public, 0, (*Server).postRoomSealed, false},

		// Staff.
		{get, "/", public, 0, (*Server).staffHome, false},
		{get, "/static/staff.css", public, 0, (*Server).staffAsset, false},
		{get, "/static/staff.js", public, 0, (*Server).staffAsset, false},
		{get, "/static/cards.css", public, 0, (*Server).staffAsset, false},
		{get, "/static/editor.css", public, 0, (*Server).staffAsset, false},
		{get, "/static/editor.js", public, 0, (*Server).staffAsset, false},
		{get, "/sign-in", public, 0, (*Server).signInPage, false},
		{post, "/sign-in", public, 0, (*Server).signIn, false},
		{get, "/set-up/:secret", public, 0, (*Server).setUpPage, false},
		{post, "/set-up/:secret", public, 0, (*Server).setUp, false},
		{post, "/sign-out", signedIn, 0, (*Server).signOut, false},
		{get, "/account", signedIn, 0, (*Server).account, false},
		{post, "/account/tokens", signedIn, 0, (*Server).createToken, false},
		{post, "/account/tokens/:token/revoke", signedIn, 0, (*Server).revokeToken, false},
		{get, "/accounts", owner, 0, (*Server).accounts, false},
		{post, "/accounts", owner, 0, (*Server).invite, false},
		{get, "/audit", owner, 0, (*Server).productTrail, false},
		{get, "/questionnaires", designer, 0, (*Server).questionnaires, false},
		{post, "/questionnaires", designer, 0, (*Server).publishQuestionnaire, false},
		{get, "/questionnaires/new", designer, 0, (*Server).newQuestionnaire, false},
		{post, "/questionnaires/new", designer, 0, (*Server).createQuestionnaire, false},
		{get, "/questionnaires/import", designer, 0, (*Server).importPage, false},
		{post, "/questionnaires/import", designer, 0, (*Server).readUpload, false},
		{get, "/questionnaires/import/:preview", designer, 0, (*Server).importPreview, false},
		{post, "/questionnaires/import/:preview", designer, 0, (*Server).keepImport, false},
		{get, "/questionnaires/schema.json", designer, 0, (*Server).jsonSchema, false},
		{get, "/questionnaires/:questionnaire", designer, 0, (*Server).questionnaire, false},
		{get, "/questionnaires/:questionnaire/export.xlsx", designer, 0, (*Server).versionWorkbook, false},
		{get, "/questionnaires/:questionnaire/versions/:version/export.xlsx", designer, 0, (*Server).versionWorkbook, false},
		{get, "/questionnaires/:questionnaire/versions/:version/export.json", designer, 0, (*Server).versionJSON, false},
		{get, "/questionnaires/:questionnaire/draft/export.xlsx", designer, 0, (*Server).draftWorkbook, false},
		{get, "/questionnaires/:questionnaire/draft/export.json", designer, 0, (*Server).draftJSON, false},
		{get, "/questionnaires/:questionnaire/draft/languages", designer, 0, (*Server).languages, false},
		{post, "/questionnaires/:questionnaire/draft/languages", designer, 0, (*Server).changeLanguages, false},
		{get, "/questionnaires/:questionnaire/draft/languages/sheet.xlsx", designer, 0, (*Server).sendSheet, false},
		{post, "/questionnaires/:questionnaire/draft/languages/sheets", designer, 0, (*Server).readSheet, false},
		{get, "/questionnaires/:questionnaire/draft/languages/sheets/:preview", designer, 0, (*Server).sheetPreview, false},
		{post, "/questionnaires/:questionnaire/draft/languages/sheets/:preview", designer, 0, (*Server).keepSheet, false},
		{get, "/questionnaires/:questionnaire/definition.json", designer, 0, (*Server).versionJSON, false},
		{get, "/questionnaires/:questionnaire/draft", designer, 0, (*Server).editor, false},
		{post, "/questionnaires/:questionnaire/draft", designer, 0, (*Server).changeDraft, false},
		{get, "/questionnaires/:questionnaire/draft/add", designer, 0, (*Server).chooser, false},
		{post, "/questionnaires/:questionnaire/draft/saved/:saved/delete", designer, 0, (*Server).forgetSaved, false},
		{get, "/questionnaires/:questionnaire/draft/preview", designer, 0, (*Server).previewDraft, false},
		{get, "/questionnaires/:questionnaire/draft/publish", designer, 0, (*Server).publishPage, false},
		{post, "/questionnaires/:questionnaire/draft/publish", designer, 0, (*Server).publishDraft, false},
		{get, "/questionnaires/:questionnaire/draft/settings", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/settings", designer, 0, (*Server).saveEditorForm, false},
		{get, "/questionnaires/:questionnaire/draft/items/:item", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/items/:item", designer, 0, (*Server).saveEditorForm, false},
		{post, "/questionnaires/:questionnaire/draft/items/:item/media", designer, 0, (*Server).addMedium, false},
		{get, "/questionnaires/:questionnaire/draft/parts/:part", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/parts/:part", designer, 0, (*Server).saveEditorForm, false},
		{get, "/questionnaires/:questionnaire/draft/groups/:group", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/groups/:group", designer, 0, (*Server).saveEditorForm, false},
		{get, "/questionnaires/:questionnaire/draft/scales/:scale", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/scales/:scale", designer, 0, (*Server).saveEditorForm, false},
		{get, "/questionnaires/:questionnaire/draft/measures/:measure", designer, 0, (*Server).editorForm, false},
		{post, "/questionnaires/:questionnaire/draft/measures/:measure", designer, 0, (*Server).saveEditorForm, false},
		{get, "/questionnaires/:questionnaire/media/:medium", designer, 0, (*Server).staffMedium, false},
		{get, "/questionnaires/:questionnaire/versions", designer, 0, (*Server).versionList, false},
		{post, "/questionnaires/:questionnaire/versions", designer, 0, (*Server).changeVersions, false},
		{get, "/questionnaires/:questionnaire/versions/:version/preview", designer, 0, (*Server).previewVersion, false},
		{get, "/questionnaires/:questionnaire/compare", designer, 0, (*Server).compare, false},
		{get, "/questionnaires/:questionnaire/trials", designer, 0, (*Server).trials, false},
		{post, "/questionnaires/:questionnaire/trials", designer, 0, (*Server).startTrial, false},
		{get, "/questionnaires/:questionnaire/trials/:trial", designer, 0, (*Server).trial, false},
		{post, "/questionnaires/:questionnaire/trials/:trial/end", designer, 0, (*Server).endTrial, false},
		{get, "/library", designer, 0, (*Server).library, false},
		{get, "/library/:scale", designer, 0, (*Server).scale, false},
		{post, "/library/:scale", designer, 0, (*Server).insertScale, false},
		{get, "/programmes", signedIn, 0, (*Server).programmeList, false},
		{get, "/programmes/new", owner, 0, (*Server).newProgramme, false},
		{post, "/programmes", owner, 0, (*Server).createProgramme, false},
		{get, "/programmes/:programme", programme, see, (*Server).programme, false},
		{get, "/programmes/:programme/events", programme, see, (*Server).events, true},
		{get, "/programmes/:programme/people", programme, manage, (*Server).people, false},
		{post, "/programmes/:programme/people", programme, manage, (*Server).grant, false},
		{get, "/programmes/:programme/audit", programme, manage, (*Server).auditTrail, false},
		{get, "/programmes/:programme/board", programme, see, (*Server).board, false},
		{get, "/programmes/:programme/board/chase.xlsx", programme, links, (*Server).sendChase, false},
		{get, "/programmes/:programme/board/chase.csv", programme, links, (*Server).sendChase, false},
		{get, "/programmes/:programme/workshops", programme, links, (*Server).workshops, false},
		{post, "/programmes/:programme/workshops", programme, links, (*Server).createWorkshop, false},
		{post, "/programmes/:programme/workshops/import", programme, links, (*Server).importWorkshops, false},
		{get, "/programmes/:programme/workshops/:workshop", programme, links, (*Server).workshop, false},
		{post, "/programmes/:programme/workshops/:workshop", programme, links, (*Server).changeWorkshop, false},
		{post, "/programmes/:programme/workshops/counted/:strand", programme, manage, (*Server).setCounted, false},
		{get, "/programmes/:programme/packs", programme, links, (*Server).packs, false},
		{post, "/programmes/:programme/packs", programme, links, (*Server).makePack, false},
		{get, "/programmes/:programme/packs/posters", programme, links, (*Server).posters, false},
		{get, "/programmes/:programme/packs/links.xlsx", programme, links, (*Server).sendLinks, false},
		{get, "/programmes/:programme/packs/links.csv", programme, links, (*Server).sendLinks, false},
		{get, "/programmes/:programme/institutions", programme, manage, (*Server).institutions, false},
		{post, "/programmes/:programme/institutions", programme, manage, (*Server).createInstitution, false},
		{get, "/programmes/:programme/institutions/blank.xlsx", programme, manage, (*Server).blankPlaces, false},
		{post, "/programmes/:programme/institutions/import", programme, manage, (*Server).readPlaces, false},
		{get, "/programmes/:programme/institutions/import/:preview", programme, manage, (*Server).placesPreview, false},
		{post, "/programmes/:programme/institutions/import/:preview", programme, manage, (*Server).keepPlaces, false},
		{get, "/programmes/:programme/cohorts", programme, manage, (*Server).plan, false},
		{post, "/programmes/:programme/cohorts", programme, manage, (*Server).createCohort, false},
		{get, "/programmes/:programme/cohorts/:cohort", programme, see, (*Server).cohort, false},
		{post, "/programmes/:programme/cohorts/:cohort/links", programme, links, (*Server).createLinks, false},
		{post, "/programmes/:programme/links/:link", programme, links, (*Server).setLink, false},
		{get, "/programmes/:programme/links/:link/qr", programme, links, (*Server).linkLive, false},
		{get, "/programmes/:programme/links/:link/poster", programme, links, (*Server).linkPoster, false},
		{get, "/programmes/:programme/strands/:strand", programme, answers, (*Server).strand, false},
		{get, "/programmes/:programme/strands/:strand/workbook.xlsx", programme, answers, (*Server).sendWorkbook, true},
		{get, "/programmes/:programme/strands/:strand/answers", programme, answers, (*Server).answers, true},
		{post, "/programmes/:programme/strands/:strand/answers", programme, answers, (*Server).decide, false},

		// Held answers.
		{get, "/programmes/:programme/held", programme, links, (*Server).held, false},
		{post, "/programmes/:programme/held", programme, links, (*Server).decideHeld, false},
		{post, "/programmes/:programme/held/file", programme, links, (*Server).takeHeldFile, false},

		// Rooms and the live view.
		{get, "/programmes/:programme/rooms", programme, links, (*Server).rooms, false},
		{post, "/programmes/:programme/rooms", programme, links, (*Server).startRoom, false},
		{get, "/programmes/:programme/rooms/:room", programme, links, (*Server).staffRoom, false},
		{post, "/programmes/:programme/rooms/:room/close", programme, links, (*Server).closeRoom, false},
		{get, "/programmes/:programme/links/:link/live", programme, links, (*Server).linkLive, false},
		{get, "/programmes/:programme/links/:link/live/events", programme, links, (*Server).liveEvents, true},

		// Cards.
		{get, "/k/:token", public, 0, (*Server).getCards, false},
		{get, "/programmes/:programme/cards", programme, links, (*Server).cards, false},
		{post, "/programmes/:programme/cards", programme, links, (*Server).printCards, true},
		{post, "/programmes/:programme/cards/:run/void", programme, links, (*Server).voidCards, false},

		// Institutions, packs, the board, workshops.

		// Mailings.
		{get, "/p/:secret", public, 0, (*Server).getPersonal, false},
		{get, "/programmes/:programme/mailings", programme, links, (*Server).mailings, false},
		{post, "/programmes/:programme/mailings", programme, links, (*Server).planMailing, false},
		{get, "/programmes/:programme/mailings/contacts", programme, links, (*Server).contacts, false},
		{post, "/programmes/:programme/mailings/contacts", programme, links, (*Server).addContacts, false},
		{post, "/programmes/:programme/mailings/contacts/delete", programme, manage, (*Server).destroyContacts, false},
		{post, "/programmes/:programme/mailings/contacts/:contact/delete", programme, links, (*Server).deleteContact, false},
		{post, "/programmes/:programme/mailings/bounces", programme, links, (*Server).takeBounces, false},
		{get, "/programmes/:programme/mailings/:mailing", programme, links, (*Server).mailing, false},
		{post, "/programmes/:programme/mailings/:mailing", programme, links, (*Server).changeMailing, false},
		{get, "/m/:letter", public, 0, (*Server).getUnsubscribe, false},
		{post, "/m/:letter", public, 0, (*Server).postUnsubscribe, false},

		// Paper.
		{get, "/static/paper.css", public, 0, (*Server).staffAsset, false},
		{get, "/static/paper.js", public, 0, (*Server).staffAsset, false},
		{get, "/questionnaires/:questionnaire/versions/:version/paper", designer, 0, (*Server).printVersion, false},
		{get, "/programmes/:programme/paper", programme, paper, (*Server).paper, false},
		{post, "/programmes/:programme/paper", programme, paper, (*Server).createBatch, false},
		{get, "/programmes/:programme/paper/:batch", programme, paper, (*Server).batch, false},
		{post, "/programmes/:programme/paper/:batch", programme, paper, (*Server).changeBatch, false},
		{get, "/programmes/:programme/paper/:batch/print", programme, paper, (*Server).printBatch, false},
		{get, "/programmes/:programme/paper/:batch/media/:medium", programme, paper, (*Server).batchMedium, false},
		{get, "/static/paper.entry.css", public, 0, (*Server).staffAsset, false},
		{get, "/programmes/:programme/paper/:batch/entry", programme, paper, (*Server).entry, false},
		{post, "/programmes/:programme/paper/:batch/entry", programme, paper, (*Server).keyForm, false},
		{get, "/programmes/:programme/paper/:batch/forms/:form", programme, paper, (*Server).settlePage, false},
		{post, "/programmes/:programme/paper/:batch/forms/:form", programme, paper, (*Server).settleForm, false},

		// Old data.
		{get, "/programmes/:programme/strands/:strand/old-data", programme, answers, (*Server).oldData, false},
		{post, "/programmes/:programme/strands/:strand/old-data", programme, answers, (*Server).sendOldData, true},
		{get, "/programmes/:programme/strands/:strand/old-data/imports/:import", programme, answers, (*Server).oldDataJob, false},
		{get, "/programmes/:programme/strands/:strand/old-data/imports/:import/events", programme, answers, (*Server).oldDataEvents, true},
		{get, "/programmes/:programme/strands/:strand/old-data/imports/:import/errors.csv", programme, answers, (*Server).oldDataErrors, false},
		{post, "/programmes/:programme/strands/:strand/old-data/imports/:import/undo", programme, answers, (*Server).undoOldData, false},
		{get, "/programmes/:programme/strands/:strand/old-data/:upload", programme, answers, (*Server).oldDataColumns, false},
		{post, "/programmes/:programme/strands/:strand/old-data/:upload", programme, answers, (*Server).setOldDataColumns, false},
		{post, "/programmes/:programme/strands/:strand/old-data/:upload/sheet", programme, answers, (*Server).chooseOldDataSheet, true},
		{get, "/programmes/:programme/strands/:strand/old-data/:upload/preview", programme, answers, (*Server).oldDataPreview, false},
		{post, "/programmes/:programme/strands/:strand/old-data/:upload/import", programme, answers, (*Server).startOldData, false},
		{post, "/programmes/:programme/strands/:strand/old-data/:upload/drop", programme, answers, (*Server).dropOldData, false},

		// The pairing desk.
		{get, "/programmes/:programme/strands/:strand/pairing", programme, answers, (*Server).pairingDesk, true},
		{post, "/programmes/:programme/strands/:strand/pairing", programme, answers, (*Server).decidePairing, false},

		// Withdrawal, responses, copying.
		{get, "/withdraw", public, 0, (*Server).withdrawForm, false},
		{post, "/withdraw", public, 0, (*Server).withdraw, false},
		{get, "/programmes/:programme/strands/:strand/responses", programme, answers, (*Server).responses, true},
		{get, "/programmes/:programme/strands/:strand/responses/:response", programme, answers, (*Server).response, false},
		{post, "/programmes/:programme/strands/:strand/responses/:response", programme, answers, (*Server).correctResponse, false},
		{get, "/programmes/:programme/copy", programme, manage, (*Server).copyPage, false},
		{post, "/programmes/:programme/copy", programme, manage, (*Server).copyProgramme, false},

		// Results.
		{get, "/programmes/:programme/results", programme, answers, (*Server).results, false},

		// Reach.
		{get, "/programmes/:programme/reach", programme, figures, (*Server).reach, true},
		{get, "/programmes/:programme/reach.xlsx", programme, figures, (*Server).sendReach, true},
		{get, "/programmes/:programme/reach.csv", programme, figures, (*Server).sendReach, true},
		{get, "/programmes/:programme/reach/rows", programme, figures, (*Server).reachRows, true},
		{get, "/programmes/:programme/reach/targets", programme, manage, (*Server).targets, false},
		{post, "/programmes/:programme/reach/targets", programme, manage, (*Server).setTargets, false},

		// Quotes.
		{get, "/programmes/:programme/quotes", programme, answers, (*Server).quotes, true},
		{post, "/programmes/:programme/quotes", programme, answers, (*Server).changeQuotes, false},
		{get, "/programmes/:programme/quotes/themes", programme, answers, (*Server).themes, true},
		{post, "/programmes/:programme/quotes/themes", programme, answers, (*Server).changeThemes, false},
		{post, "/programmes/:programme/cohorts/:cohort/agreement", programme, manage, (*Server).setAgreement, false},
		{post, "/programmes/:programme/strands/:strand/children", programme, manage, (*Server).setChildren, false},

		// Exports.
		{get, "/programmes/:programme/exports", programme, figures, (*Server).exportList, false},
		{post, "/programmes/:programme/exports", programme, figures, (*Server).askExport, false},
		{get, "/programmes/:programme/exports/events", programme, figures, (*Server).exportsEvents, true},
		{get, "/programmes/:programme/exports/:export", programme, figures, (*Server).exportPage, false},
		{post, "/programmes/:programme/exports/:export/cancel", programme, figures, (*Server).cancelExport, false},
		{get, "/programmes/:programme/exports/:export/events", programme, figures, (*Server).exportEvents, true},
		{get, "/programmes/:programme/exports/:export/file", programme, figures, (*Server).sendExport, true},

		// Summaries.
		{get, "/programmes/:programme/strands/:strand/summary", programme, answers, (*Server).summary, true},
		{post, "/programmes/:programme/strands/:strand/summary", programme, answers, (*Server).saveSummary, true},
		{get, "/programmes/:programme/strands/:strand/summary/print", programme, answers, (*Server).summaryPrint, true},
		{post, "/programmes/:programme/strands/:strand/summary/file", programme, answers, (*Server).sendSummary, true},

		// Accounts, sessions, tokens.
		{get, "/invitation/:secret", public, 0, (*Server).invitationPage, false},
		{post, "/invitation/:secret", public, 0, (*Server).acceptInvitation, false},
		{get, "/reset/:secret", public, 0, (*Server).resetPage, false},
		{post, "/reset/:secret", public, 0, (*Server).resetPassword, false},
		{get, "/forgotten", public, 0, (*Server).forgottenPage, false},
		{post, "/forgotten", public, 0, (*Server).askReset, false},
		{get, "/forgotten/sent", public, 0, (*Server).forgottenSent, false},
		{post, "/account/name", signedIn, 0, (*Server).changeName, false},
		{post, "/account/address", signedIn, 0, (*Server).changeAddress, false},
		{post, "/account/password", signedIn, 0, (*Server).changePassword, false},
		{post, "/account/sign-ins/end-others", signedIn, 0, (*Server).endOthers, false},
		{post, "/account/sign-ins/:session/end", signedIn, 0, (*Server).endSignIn, false},
		{post, "/accounts/appoint", owner, 0, (*Server).appoint, false},
		{post, "/accounts/invitations/:invitation/revoke", owner, 0, (*Server).revokeInvitation, false},
		{post, "/accounts/tokens/:token/revoke", owner, 0, (*Server).revokeAnyToken, false},
		{get, "/accounts/:account", owner, 0, (*Server).accountOf, false},
		{post, "/accounts/:account/reset", owner, 0, (*Server).makeReset, false},
		{post, "/accounts/:account/active", owner, 0, (*Server).setActive, false},
		{post, "/accounts/:account/owner", owner, 0, (*Server).setOwner, false},
		{post, "/accounts/:account/remove", owner, 0, (*Server).removeAccount, false},
		{post, "/questionnaires/:questionnaire/shared", owner, 0, (*Server).shareQuestionnaire, false},
		{post, "/programmes/:programme/people/invitations", programme, manage, (*Server).invitePerson, false},
		{post, "/programmes/:programme/people/invitations/:invitation/revoke", programme, manage, (*Server).revokePerson, false},

		// Second factors and sign-in elsewhere.
		{get, "/sign-in/second", public, 0, (*Server).secondPage, false},
		{post, "/sign-in/second", public, 0, (*Server).second, false},
		{get, "/sign-in/oidc", public, 0, (*Server).goElsewhere, false},
		{get, "/sign-in/oidc/callback", public, 0, (*Server).backFromElsewhere, false},
		{get, "/sign-in/oidc/out", public, 0, (*Server).outElsewhere, false},
		{get, "/account/factor", signedIn, 0, (*Server).factor, false},
		{post, "/account/factor", signedIn, 0, (*Server).beginFactor, false},
		{post, "/account/factor/confirm", signedIn, 0, (*Server).confirmFactor, false},
		{post, "/account/factor/drop", signedIn, 0, (*Server).dropFactor, false},
		{post, "/account/factor/codes", signedIn, 0, (*Server).renewCodes, false},
		{post, "/account/factor/remove", signedIn, 0, (*Server).removeFactor, false},
		{get, "/account/elsewhere", signedIn, 0, (*Server).elsewhere, false},
		{post, "/account/elsewhere", signedIn, 0, (*Server).linkElsewhere, false},
		{post, "/account/elsewhere/end", signedIn, 0, (*Server).unlinkElsewhere, false},
		{get, "/sign-in-rules", owner, 0, (*Server).signInRules, false},
		{post, "/sign-in-rules", owner, 0, (*Server).setSignInRules, false},
		{get, "/accounts/:account/factor", owner, 0, (*Server).takeFactorPage, false},
		{post, "/accounts/:account/factor", owner, 0, (*Server).takeFactor, false},
		{get, "/programmes/:programme/people/groups", programme, manage, (*Server).groupRoles, false},
		{post, "/programmes/:programme/people/groups", programme, manage, (*Server).setGroupRoles, false},

		// Safeguarding.
		{post, "/alerts/seen", signedIn, 0, (*Server).seenAlert, false},
		{get, "/programmes/:programme/safeguarding", programme, manage, (*Server).safeguarding, false},
		{post, "/programmes/:programme/safeguarding", programme, manage, (*Server).setSafeguarding, false},
		{get, "/programmes/:programme/lookout", programme, surveys.MaySetLookout, (*Server).lookout, false},
		{post, "/programmes/:programme/lookout", programme, surveys.MaySetLookout, (*Server).setLookout, false},
		{get, "/programmes/:programme/concerns", programme, surveys.MayReadConcerns, (*Server).concernQueue, false},
		{get, "/programmes/:programme/concerns/reading", programme, surveys.MayReadConcerns, (*Server).readAnswers, false},
		{post, "/programmes/:programme/concerns/reading", programme, surveys.MayReadConcerns, (*Server).answersRead, false},
		{get, "/programmes/:programme/concerns/:concern", programme, surveys.MayReadConcerns, (*Server).showConcern, false},
		{post, "/programmes/:programme/concerns/:concern", programme, surveys.MayReadConcerns, (*Server).changeConcern, false},
		{get, "/programmes/:programme/concerns/:concern/response", programme, surveys.MayReadConcerns, (*Server).concernResponse, false},

		// Help, and people who asked to be contacted.
		{get, "/s/:token/contact", public, 0, (*Server).getContact, false},
		{post, "/s/:token/contact", public, 0, (*Server).postContact, false},
		{get, "/programmes/:programme/approaches", programme, concerns, (*Server).approaches, false},
		{get, "/programmes/:programme/approaches/:approach", programme, concerns, (*Server).approach, false},
		{post, "/programmes/:programme/approaches/:approach", programme, concerns, (*Server).closeApproach, false},
		{get, "/programmes/:programme/help", programme, manage, (*Server).help, false},
		{post, "/programmes/:programme/help", programme, manage, (*Server).setHelp, false},

		// Statements.
		{get, "/accessibility", public, 0, (*Server).ownAccessibility, false},
		{get, "/s/:token/accessibility", public, 0, (*Server).getAccessibility, false},
		{get, "/s/:token/privacy", public, 0, (*Server).getPrivacy, false},
		{get, "/programmes/:programme/statements", programme, manage, (*Server).statements, false},
		{post, "/programmes/:programme/statements", programme, manage, (*Server).saveResponsible, false},
		{get, "/programmes/:programme/statements/:kind", programme, manage, (*Server).statement, false},
		{post, "/programmes/:programme/statements/:kind", programme, manage, (*Server).saveStatement, false},
		{get, "/programmes/:programme/statements/:kind/file", programme, manage, (*Server).statementFile, false},
		{get, "/programmes/:programme/statements/:kind/print", programme, manage, (*Server).statementPrint, false},

		// Retention.
		{get, "/programmes/:programme/retention", programme, manage, (*Server).retention, false},
		{post, "/programmes/:programme/retention", programme, manage, (*Server).setRetention, false},
		{post, "/programmes/:programme/retention/hold", programme, manage, (*Server).holdRetention, false},
		{post, "/programmes/:programme/retention/hold/end", programme, manage, (*Server).endHold, false},
		{post, "/programmes/:programme/retention/delete", programme, manage, (*Server).deleteProgramme, false},
		{get, "/programmes/:programme/retention/dry-run/:step", programme, manage, (*Server).dryRun, true},
		{get, "/programmes/:programme/retention/certificates/:step", programme, manage, (*Server).certificate, false},
		{get, "/programmes/:programme/retention/frozen/:strand/:profile/:file", programme, figures, (*Server).frozenFile, false},
		{get, "/programmes/:programme/data", programme, manage, (*Server).peopleData, false},
		{post, "/programmes/:programme/data/one", programme, manage, (*Server).showHeldOn, false},
		{post, "/programmes/:programme/data/erase", programme, manage, (*Server).eraseOne, false},
		{post, "/programmes/:programme/data/holdings", programme, manage, (*Server).askHoldings, false},
		{get, "/certificates", owner, 0, (*Server).certificates, false},
		{get, "/certificates/:of/:step", owner, 0, (*Server).oldCertificate, false},

		// Backups.
		{get, "/backups", owner, 0, (*Server).backups, false},
		{post, "/backups", owner, 0, (*Server).askBackup, false},

		// API.
		{get, "/api/v1/openapi.json", public, 0, (*Server).apiDescription, false},
		{get, "/api/v1/programmes", bearer, 0, (*Server).apiProgrammes, false},
		{post, "/api/v1/programmes", bearerOwner, 0, (*Server).apiCreateProgramme, false},
		{get, "/api/v1/programmes/:programme", bearerFor, see, (*Server).apiProgramme, false},
		{get, "/api/v1/programmes/:programme/institutions", bearerFor, see, (*Server).apiInstitutions, false},
		{post, "/api/v1/programmes/:programme/institutions", bearerFor, manage, (*Server).apiCreateInstitution, false},
		{get, "/api/v1/programmes/:programme/cohorts", bearerFor, see, (*Server).apiCohorts, false},
		{post, "/api/v1/programmes/:programme/cohorts", bearerFor, manage, (*Server).apiCreateCohort, false},
		{get, "/api/v1/programmes/:programme/links", bearerFor, links, (*Server).apiLinks, false},
		{post, "/api/v1/programmes/:programme/links", bearerFor, links, (*Server).apiCreateLink, false},
		{post, "/api/v1/programmes/:programme/links/:link/responses", bearerFor, manage, (*Server).apiImport, true},
		{get, "/api/v1/programmes/:programme/progress", bearerFor, see, (*Server).apiProgress, false},
		{get, "/api/v1/programmes/:programme/reach", bearerFor, figures, (*Server).apiReach, true},
		{get, "/api/v1/programmes/:programme/strands/:strand/report", bearerFor, answers, (*Server).apiReport, true},
		{get, "/api/v1/programmes/:programme/strands/:strand/workbook", bearerFor, answers, (*Server).apiWorkbook, true},
		{post, "/api/v1/programmes/:programme/exports", bearerFor, figures, (*Server).apiAskExport, false},
		{get, "/api/v1/programmes/:programme/exports/:export", bearerFor, figures, (*Server).apiExport, false},
		{get, "/api/v1/programmes/:programme/exports/:export/file", bearerFor, figures, (*Server).sendExport, true},
		{get, "/api/v1/questionnaires", bearerDesigner, 0, (*Server).apiQuestionnaires, false},
		{get, "/api/v1/questionnaires/:questionnaire", bearerDesigner, 0, (*Server).apiQuestionnaire, false},
		{post, "/api/v1/questionnaires/:questionnaire/versions", bearer, 0, (*Server).apiPublish, false},
	}
}
