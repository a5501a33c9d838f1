package surveys_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"soundings/surveys"
	"soundings/surveys/olddata"
	"soundings/surveys/pairing"
	"soundings/surveys/questionnaire"
)

// TestPermissions calls every method that needs a role signed out, without a
// role, and with each role.
func TestPermissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, link := w.programme.ID, w.links[questionnaire.WavePre].ID
	for _, tt := range []struct {
		name  string
		needs surveys.Permission
		call  func(context.Context) error
	}{
		{"Statements", surveys.MayManage, func(ctx context.Context) error { return second(w.Statements(ctx, id)) }},
		{"SaveStatements", surveys.MayManage, func(ctx context.Context) error { return w.SaveStatements(ctx, id, surveys.Statements{}) }},
		{"PublishStatement", surveys.MayManage, func(ctx context.Context) error {
			return second(w.PublishStatement(ctx, id, surveys.StatementPrivacy, nil))
		}},
		{"Issues", surveys.MayManage, func(ctx context.Context) error { return second(w.Issues(ctx, id, surveys.StatementPrivacy)) }},
		{"SetHelp", surveys.MayManage, func(ctx context.Context) error { return w.SetHelp(ctx, id, surveys.Help{}) }},
		{"ProgrammeOfConcerns", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.ProgrammeOfConcerns(ctx, id)) }},
		{"SafeguardingSettings", surveys.MayManage, func(ctx context.Context) error { return second(w.SafeguardingSettings(ctx, id)) }},
		{"SetSafeguarding", surveys.MayManage, func(ctx context.Context) error { return w.SetSafeguarding(ctx, id, surveys.SafeguardingPlan{}) }},
		{"ProgrammeForCare", surveys.MaySetLookout, func(ctx context.Context) error { return second(w.ProgrammeForCare(ctx, id)) }},
		{"SaveLookout", surveys.MaySetLookout, func(ctx context.Context) error {
			return second(w.SaveLookout(ctx, surveys.Lookout{Programme: id}))
		}},
		{"TryLookout", surveys.MaySetLookout, func(ctx context.Context) error {
			return second(w.TryLookout(ctx, surveys.Lookout{Programme: id}, "x", "en"))
		}},
		{"LookoutEffect", surveys.MaySetLookout, func(ctx context.Context) error { return second(w.LookoutEffect(ctx, id)) }},
		{"LookoutItems", surveys.MaySetLookout, func(ctx context.Context) error { return second(w.LookoutItems(ctx, id)) }},
		{"Concerns", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.Concerns(ctx, id, false)) }},
		{"OpenConcern", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.OpenConcern(ctx, id, "none")) }},
		{"ConcernResponse", surveys.MayReadConcerns, func(ctx context.Context) error { _, _, _, err := w.ConcernResponse(ctx, id, "none"); return err }},
		{"ActOnConcern", surveys.MayReadConcerns, func(ctx context.Context) error {
			return w.ActOnConcern(ctx, surveys.ConcernAction{Programme: id, ID: "none"})
		}},
		{"ReopenConcern", surveys.MayReadConcerns, func(ctx context.Context) error { return w.ReopenConcern(ctx, id, "none") }},
		{"HandConcern", surveys.MayReadConcerns, func(ctx context.Context) error { return w.HandConcern(ctx, id, "none") }},
		{"UnreadAnswers", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.UnreadAnswers(ctx, id)) }},
		{"AnswersRead", surveys.MayReadConcerns, func(ctx context.Context) error { return w.AnswersRead(ctx, id, nil, nil) }},
		{"RaiseFromReading", surveys.MayReadConcerns, func(ctx context.Context) error {
			return second(w.RaiseFromReading(ctx, id, "pupils", surveys.ReadingKey{}))
		}},
		{"Approaches", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.Approaches(ctx, id)) }},
		{"OpenApproach", surveys.MayReadConcerns, func(ctx context.Context) error { return second(w.OpenApproach(ctx, id, "none")) }},
		{"CloseApproach", surveys.MayReadConcerns, func(ctx context.Context) error { return w.CloseApproach(ctx, id, "none", "x") }},
		{"Programme", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.Programme(ctx, id)) }},
		{"Institutions", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.Institutions(ctx, id)) }},
		{"Cohorts", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.Cohorts(ctx, id)) }},
		{"Cohort", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.Cohort(ctx, id, w.cohort.ID)) }},
		{"Progress", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.Progress(ctx, id)) }},
		{"CreateInstitution", surveys.MayManage, func(ctx context.Context) error {
			return second(w.CreateInstitution(ctx, surveys.Institution{Programme: id}))
		}},
		{"CreateCohort", surveys.MayManage, func(ctx context.Context) error { return second(w.CreateCohort(ctx, surveys.Cohort{Programme: id})) }},
		{"PlanPlaces", surveys.MayManage, func(ctx context.Context) error { return second(w.PlanPlaces(ctx, id, nil)) }},
		{"ImportPlaces", surveys.MayManage, func(ctx context.Context) error { return second(w.ImportPlaces(ctx, id, nil, true)) }},
		{"KeepPreviewIn", surveys.MayManage, func(ctx context.Context) error {
			return second(w.KeepPreviewIn(ctx, id, surveys.MayManage, "places", nil))
		}},
		{"PreviewIn", surveys.MayManage, func(ctx context.Context) error {
			return second(w.PreviewIn(ctx, id, surveys.MayManage, "places", "none"))
		}},
		{"DropPreviewIn", surveys.MayManage, func(ctx context.Context) error {
			return w.DropPreviewIn(ctx, id, surveys.MayManage, "places", "none")
		}},
		{"Grant", surveys.MayManage, func(ctx context.Context) error { return w.Grant(ctx, "nobody@example.org", id, nil) }},
		{"GroupRoles", surveys.MayManage, func(ctx context.Context) error { return second(w.GroupRoles(ctx, id)) }},
		{"SetGroupRoles", surveys.MayManage, func(ctx context.Context) error { return w.SetGroupRoles(ctx, id, surveys.GroupRoles{}) }},
		{"GroupMembers", surveys.MayManage, func(ctx context.Context) error { return second(w.GroupMembers(ctx, id)) }},
		{"AuditTrail", surveys.MayManage, func(ctx context.Context) error { return second(w.AuditTrail(ctx, id)) }},
		{"Import", surveys.MayManage, func(ctx context.Context) error { return second(w.Import(ctx, id, link, nil)) }},
		{"CreateLink", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.CreateLink(ctx, surveys.Link{Programme: id})) }},
		{"Links", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.Links(ctx, id)) }},
		{"Link", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.Link(ctx, id, link)) }},
		{"Contacts", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.Contacts(ctx, id)) }},
		{"AddContacts", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.AddContacts(ctx, surveys.ContactsImport{Programme: id, Strand: "pupils"}))
		}},
		{"PreviewContacts", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.PreviewContacts(ctx, surveys.ContactsImport{Programme: id, Strand: "pupils"}))
		}},
		{"DeleteContact", surveys.MayRunLinks, func(ctx context.Context) error { return w.DeleteContact(ctx, id, "none") }},
		{"DestroyContacts", surveys.MayManage, func(ctx context.Context) error { return second(w.DestroyContacts(ctx, id)) }},
		{"SaveMailing", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.SaveMailing(ctx, surveys.Mailing{Programme: id}))
		}},
		{"Mailings", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.Mailings(ctx, id)) }},
		{"RunMailing", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.RunMailing(ctx, id, "none", true)) }},
		{"TestLetter", surveys.MayRunLinks, func(ctx context.Context) error {
			return w.TestLetter(ctx, id, "none", surveys.StepInvitation, "en")
		}},
		{"PreviewLetter", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.PreviewLetter(ctx, id, "none", surveys.StepInvitation, "en"))
		}},
		{"ResendUncertain", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.ResendUncertain(ctx, id, "none")) }},
		{"MailingCounts", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.MailingCounts(ctx, surveys.Mailing{Programme: id}))
		}},
		{"MailingLog", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.MailingLog(ctx, surveys.Mailing{Programme: id}))
		}},
		{"TakeBounces", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.TakeBounces(ctx, id, strings.NewReader("")))
		}},
		{"StrandLanguages", surveys.MaySeeProgramme, func(ctx context.Context) error { return second(w.StrandLanguages(ctx, id, "pupils")) }},
		{"Held", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.Held(ctx, id)) }},
		{"DecideHeld", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.DecideHeld(ctx, id, "no_response", 1, true, "")) }},
		{"HandInFile", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.HandInFile(ctx, id, link, "", surveys.Submission{}, origin))
		}},
		{"SetLinkOpen", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.SetLinkOpen(ctx, id, link, true)) }},
		{"PrintCards", surveys.MayRunLinks, func(ctx context.Context) error {
			return second(w.PrintCards(ctx, surveys.CardSheet{Programme: id}))
		}},
		{"CardRuns", surveys.MayRunLinks, func(ctx context.Context) error { return second(w.CardRuns(ctx, id)) }},
		{"VoidCards", surveys.MayRunLinks, func(ctx context.Context) error { return w.VoidCards(ctx, id, "none") }},
		{"Dataset", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Dataset(ctx, id, "pupils")) }},
		{"OpenAnswers", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.OpenAnswers(ctx, id, "pupils")) }},
		{"OpenAnswer", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.OpenAnswer(ctx, id, "pupils", "no_response", "why"))
		}},
		{"AnswerDesk", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.AnswerDesk(ctx, id, "pupils")) }},
		{"LookAtConcern", surveys.MayReadAnswers, func(ctx context.Context) error {
			return w.LookAtConcern(ctx, id, "pupils", surveys.ReadingKey{Response: "no_response", Variable: "why"}, 0, "")
		}},
		{"RaiseConcern", surveys.MayReadAnswers, func(ctx context.Context) error {
			return w.RaiseConcern(ctx, id, "pupils", surveys.ReadingKey{Response: "no_response", Variable: "why"}, 0)
		}},
		{"ClearAnswers", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.ClearAnswers(ctx, id, "pupils", nil)) }},
		{"Themes", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Themes(ctx, id)) }},
		{"CreateTheme", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.CreateTheme(ctx, surveys.Theme{Programme: id}))
		}},
		{"RenameTheme", surveys.MayReadAnswers, func(ctx context.Context) error { return w.RenameTheme(ctx, id, "none", "x") }},
		{"RetireTheme", surveys.MayReadAnswers, func(ctx context.Context) error { return w.RetireTheme(ctx, id, "none", true) }},
		{"MergeTheme", surveys.MayReadAnswers, func(ctx context.Context) error { return w.MergeTheme(ctx, id, "none", "other") }},
		{"UseQuote", surveys.MayReadAnswers, func(ctx context.Context) error {
			return w.UseQuote(ctx, id, "pupils", surveys.QuoteUse{})
		}},
		{"ForgetUse", surveys.MayReadAnswers, func(ctx context.Context) error { return w.ForgetUse(ctx, id, "pupils", "none") }},
		{"Quotes", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Quotes(ctx, id)) }},
		{"KnownNames", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.KnownNames(ctx, id)) }},
		{"TakeConsentBackFor", surveys.MayReadAnswers, func(ctx context.Context) error { return w.TakeConsentBackFor(ctx, id, "") }},
		{"SetAgreement", surveys.MayManage, func(ctx context.Context) error { return second(w.SetAgreement(ctx, id, "none", "", "")) }},
		{"SetChildren", surveys.MayManage, func(ctx context.Context) error { return w.SetChildren(ctx, id, "none", true) }},
		{"Decide", surveys.MayReadAnswers, func(ctx context.Context) error { return w.Decide(ctx, id, "pupils", surveys.Reading{Status: "?"}) }},
		{"AskExport", surveys.MayReadFigures, func(ctx context.Context) error {
			return second(w.AskExport(ctx, surveys.Export{Programme: id, Strand: "pupils", Format: "none", Profile: surveys.ProfilePublished}))
		}},
		{"Exports", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.Exports(ctx, id)) }},
		{"Export", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.Export(ctx, id, "none")) }},
		{"AwaitExport", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.AwaitExport(ctx, id, "none")) }},
		{"ExportFile", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.ExportFile(ctx, id, "none")) }},
		{"CancelExport", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.CancelExport(ctx, id, "none")) }},
		{"FilterChoices", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.FilterChoices(ctx, id, "pupils")) }},
		{"KeepUpload", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.KeepUpload(ctx, id, "pupils", "a.csv", strings.NewReader("a"), 1))
		}},
		{"Uploads", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Uploads(ctx, id, "pupils")) }},
		{"Upload", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Upload(ctx, id, "pupils", "none")) }},
		{"ChooseSheet", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.ChooseSheet(ctx, id, "pupils", "none", "x")) }},
		{"DropUpload", surveys.MayReadAnswers, func(ctx context.Context) error { return w.DropUpload(ctx, id, "pupils", "none") }},
		{"OldDataForm", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.OldDataForm(ctx, id, "pupils")) }},
		{"SetMapping", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.SetMapping(ctx, id, "pupils", "none", olddata.Mapping{}))
		}},
		{"PreviewUpload", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.PreviewUpload(ctx, id, "pupils", "none")) }},
		{"StartImport", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.StartImport(ctx, id, "pupils", "none", surveys.PolicyAll))
		}},
		{"Changed", surveys.MayReadAnswers, func(ctx context.Context) error {
			_, _, err := w.Changed(ctx, id, "pupils", "none")
			return err
		}},
		{"UndoImport", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.UndoImport(ctx, id, "pupils", "none", false)) }},
		{"Job", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Job(ctx, id, "pupils", "none")) }},
		{"Jobs", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Jobs(ctx, id, "pupils")) }},
		{"Problems", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.Problems(ctx, id, "pupils", "none")) }},
		{"DecidePair", surveys.MayReadAnswers, func(ctx context.Context) error { return w.DecidePair(ctx, id, "no strand", pairing.Decision{}) }},
		{"RulePair", surveys.MayReadAnswers, func(ctx context.Context) error { return w.RulePair(ctx, id, "no strand", pairing.Decision{}, "") }},
		{"Releases", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.Releases(ctx, id, "pupils")) }},
		{"Summary", surveys.MayReadFigures, func(ctx context.Context) error {
			return second(w.Summary(ctx, id, "pupils", surveys.ProfilePublished, surveys.Filter{}))
		}},
		{"SaveSummary", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.SaveSummary(ctx, id, "pupils", surveys.Summary{Profile: surveys.ProfileInternal}))
		}},
		{"KeepRelease", surveys.MayReadFigures, func(ctx context.Context) error {
			return w.KeepRelease(ctx, id, "pupils", surveys.Release{Profile: surveys.ProfilePublished})
		}},
		{"KeepRelease_internal", surveys.MayReadAnswers, func(ctx context.Context) error {
			return w.KeepRelease(ctx, id, "pupils", surveys.Release{Profile: surveys.ProfileInternal})
		}},
		{"UndoRuling", surveys.MayReadAnswers, func(ctx context.Context) error { return w.UndoRuling(ctx, id, "no strand", "", "", 1, "") }},
		{"PairRulings", surveys.MayReadAnswers, func(ctx context.Context) error { return second(w.PairRulings(ctx, id, "no strand")) }},
		{"SetReviewNear", surveys.MayReadAnswers, func(ctx context.Context) error { return w.SetReviewNear(ctx, id, "no strand", true) }},
		{"SetRetention", surveys.MayManage, func(ctx context.Context) error {
			return second(w.SetRetention(ctx, id, surveys.RetentionAsk{Start: "no day"}))
		}},
		{"HoldRetention", surveys.MayManage, func(ctx context.Context) error { return second(w.HoldRetention(ctx, id, "", "")) }},
		{"EndRetentionHold", surveys.MayManage, func(ctx context.Context) error { return w.EndRetentionHold(ctx, id) }},
		{"RetentionDryRun", surveys.MayManage, func(ctx context.Context) error {
			return second(w.RetentionDryRun(ctx, id, surveys.StepAnswers))
		}},
		{"RetentionRuns", surveys.MayManage, func(ctx context.Context) error { return second(w.RetentionRuns(ctx, id)) }},
		{"DeletionAsked", surveys.MayManage, func(ctx context.Context) error { return second(w.DeletionAsked(ctx, id)) }},
		{"DeleteProgramme", surveys.MayManage, func(ctx context.Context) error { return w.DeleteProgramme(ctx, id, "another", "") }},
		{"Certificates", surveys.MayManage, func(ctx context.Context) error { return second(w.Certificates(ctx, id)) }},
		{"Certificate", surveys.MayManage, func(ctx context.Context) error { return second(w.Certificate(ctx, id, surveys.StepAnswers)) }},
		{"FrozenFigures", surveys.MayReadFigures, func(ctx context.Context) error { return second(w.FrozenFigures(ctx, id)) }},
		{"FrozenFile", surveys.MayReadFigures, func(ctx context.Context) error {
			return second(w.FrozenFile(ctx, id, "pupils", surveys.ProfilePublished, "none"))
		}},
		{"FrozenFile_internal", surveys.MayReadAnswers, func(ctx context.Context) error {
			return second(w.FrozenFile(ctx, id, "pupils", surveys.ProfileInternal, "none"))
		}},
		{"EraseFor", surveys.MayManage, func(ctx context.Context) error { return w.EraseFor(ctx, id, "", "asked") }},
		{"HeldOn", surveys.MayManage, func(ctx context.Context) error { return second(w.HeldOn(ctx, id, "", "asked")) }},
		{"AskHoldings", surveys.MayManage, func(ctx context.Context) error { return second(w.AskHoldings(ctx, id, "", false)) }},
		{"CreateBatch", surveys.MayEnterPaper, func(ctx context.Context) error {
			return second(w.CreateBatch(ctx, surveys.Batch{Programme: id}))
		}},
		{"Batches", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.Batches(ctx, id)) }},
		{"Batch", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.Batch(ctx, id, "P-0001")) }},
		{"SetBatch", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.SetBatch(ctx, id, "P-0001", 1, true)) }},
		{"PaperForms", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.PaperForms(ctx, surveys.Batch{Programme: id})) }},
		{"PaperForm", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.PaperForm(ctx, surveys.Batch{Programme: id}, 1)) }},
		{"PaperLanguages", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.PaperLanguages(ctx, id)) }},
		{"KeyForm", surveys.MayEnterPaper, func(ctx context.Context) error { return second(w.KeyForm(ctx, id, "P-0001", surveys.PaperEntry{})) }},
		{"SettleForm", surveys.MayEnterPaper, func(ctx context.Context) error {
			return second(w.SettleForm(ctx, surveys.Batch{Programme: id}, 1, nil))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, "signed out", tt.call(t.Context()), surveys.KindUnauthenticated, "account.sign_in")
			wantError(t, "without a role", tt.call(w.holding(t)), surveys.KindNotFound, "programme.not_found")
			for _, role := range surveys.Roles() {
				err := tt.call(w.holding(t, role))
				if !slices.Contains(surveys.RolesWith(tt.needs), role) {
					wantError(t, string(role), err, surveys.KindForbidden, "account.not_allowed")
				} else if err != nil && slices.Contains([]surveys.Kind{surveys.KindForbidden, surveys.KindUnauthenticated}, surveys.KindOf(err)) {
					t.Errorf("%s: %v, want to be let through", role, err)
				}
			}
		})
	}
}

func second[T any](_ T, err error) error { return err }

func TestOwnersOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everything := w.holding(t, surveys.Roles()...)
	for _, tt := range []struct {
		name string
		call func(context.Context) error
	}{
		{"CreateProgramme", func(ctx context.Context) error { return second(w.CreateProgramme(ctx, surveys.Programme{})) }},
		{"CreateAccount", func(ctx context.Context) error { return second(w.CreateAccount(ctx, surveys.Account{}, "")) }},
		{"Accounts", func(ctx context.Context) error { return second(w.Accounts(ctx)) }},
		{"AuditTrail", func(ctx context.Context) error { return second(w.AuditTrail(ctx, "")) }},
		{"AllCertificates", func(ctx context.Context) error { return second(w.AllCertificates(ctx)) }},
		{"SignInRules", func(ctx context.Context) error { return second(w.SignInRules(ctx)) }},
		{"SetSignInRules", func(ctx context.Context) error { return w.SetSignInRules(ctx, surveys.SignInRules{}) }},
		{"AccountWithFactor", func(ctx context.Context) error { return second(w.AccountWithFactor(ctx, "none")) }},
		{"TakeFactor", func(ctx context.Context) error { return w.TakeFactor(ctx, "none", "", "") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantError(t, "signed out", tt.call(t.Context()), surveys.KindUnauthenticated, "account.sign_in")
			wantError(t, "no owner", tt.call(everything), surveys.KindForbidden, "account.not_allowed")
		})
	}
}

func TestPublishNeedsADesigner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	def := definition(t)
	_, err := w.Publish(t.Context(), "other", def)
	wantError(t, "signed out", err, surveys.KindUnauthenticated, "")
	_, err = w.Publish(w.holding(t, surveys.RoleFacilitator, surveys.RoleEvaluator, surveys.RoleSafeguarding), "other", def)
	wantError(t, "no designer", err, surveys.KindForbidden, "")
	for i, ctx := range []context.Context{w.holding(t, surveys.RoleDesigner), w.holding(t, surveys.RoleAdministrator), w.ctx} {
		v, err := w.Publish(ctx, "other", def)
		must(t, err)
		if v.Number != i+1 {
			t.Errorf("Publish: version = %d, want %d", v.Number, i+1)
		}
	}
}

// TestPublishNeedsADesignerOfEachProgramme: a new version changes the links and
// reports of all that use the questionnaire.
func TestPublishNeedsADesignerOfEachProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := w.programme.Strands[0].Questionnaire
	designer := w.holding(t, surveys.RoleDesigner)
	_, err := w.Publish(designer, used, definition(t))
	must(t, err)
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	_, err = w.Publish(designer, used, definition(t))
	wantError(t, "a designer of one of two programmes", err, surveys.KindForbidden, "account.not_allowed")
	account, _ := surveys.AccountFrom(designer)
	account.Roles = map[surveys.ProgrammeID][]surveys.Role{w.programme.ID: {surveys.RoleDesigner}, other.ID: {surveys.RoleDesigner}}
	_, err = w.Publish(surveys.WithAccount(t.Context(), account), used, definition(t))
	must(t, err)
}

func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []questionnaire.ID{"", "Views", "1st", "a b", "views/../x", "v@1", "a234567890123456789012345678901234"} {
		_, err := w.Publish(w.ctx, id, definition(t))
		wantField(t, fmt.Sprintf("Publish(%q)", id), err, "id")
	}
	_, err := w.Publish(w.ctx, "empty", questionnaire.Definition{})
	wantField(t, "Publish of nothing", err, "definition")
}

// TestForeignProgramme asks with one programme's role for what is another's.
func TestForeignProgramme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, err := w.CreateProgramme(w.ctx, plan())
	must(t, err)
	ctx := w.as(t, ownerEmail)
	link := w.links[questionnaire.WavePre].ID
	response, err := w.Submit(ctx, w.token(), surveys.Submission{ID: "response_one", Raw: form(nil)})
	must(t, err)
	for name, err := range map[string]error{
		"Cohort":      second(w.Cohort(ctx, other.ID, w.cohort.ID)),
		"Link":        second(w.Link(ctx, other.ID, link)),
		"SetLinkOpen": second(w.SetLinkOpen(ctx, other.ID, link, false)),
		"Import":      second(w.Import(ctx, other.ID, link, []surveys.IncomingResponse{{ID: "incoming_one"}})),
		"Decide":      w.Decide(ctx, other.ID, "pupils", surveys.Reading{Response: response.ID, Variable: "why"}),
		"DecidePair":  w.DecidePair(ctx, other.ID, "pupils", pairing.Decision{Pre: string(response.ID), Post: string(response.ID)}),
		"no strand":   second(w.Dataset(ctx, other.ID, "parents")),
		"no cohort":   second(w.Cohort(ctx, other.ID, "unknown")),
		"no link":     second(w.Link(ctx, other.ID, "unknown")),
	} {
		wantError(t, name, err, surveys.KindNotFound, "")
	}
	_, err = w.CreateLink(ctx, surveys.Link{Programme: other.ID, Strand: "pupils", Cohort: w.cohort.ID, Wave: questionnaire.WavePre})
	wantField(t, "CreateLink", err, "cohort")
}

func TestProgrammesListsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name  string
		roles []surveys.Role
		want  int
	}{
		{"none", nil, 0},
		{"safeguarding lead", []surveys.Role{surveys.RoleSafeguarding}, 0},
		{"facilitator", []surveys.Role{surveys.RoleFacilitator}, 1},
	} {
		all, err := w.Programmes(w.holding(t, tt.roles...))
		must(t, err)
		if len(all) != tt.want {
			t.Errorf("Programmes of %s: %d, want %d", tt.name, len(all), tt.want)
		}
	}
	_, err := w.Programmes(t.Context())
	wantError(t, "signed out", err, surveys.KindUnauthenticated, "")
}
