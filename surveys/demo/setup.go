package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// history gives each thing that is set up a moment of its own, a second after
// the one before: lists are in the order of their creation.
type history struct {
	service *surveys.Service
	at      time.Time
}

// firstDay is when the demonstration was set up: before its first response.
var firstDay = time.Date(2023, 8, 21, 9, 0, 0, 0, time.UTC)

func (h *history) next() *surveys.Service {
	h.at = h.at.Add(time.Second)
	return h.service.At(h.at)
}

// setUp publishes the questionnaires and makes programmes, institutions,
// cohorts and links. It returns ctx with the account in its new roles.
func (l *loader) setUp(ctx context.Context) (context.Context, error) {
	l.asked, l.programme, l.tokens = map[*form]asked{}, map[*form]surveys.ProgrammeID{}, map[place]string{}
	l.institutions, l.workshops = map[string]surveys.InstitutionID{}, map[string][]string{}
	l.cohorts = map[surveys.CohortID]string{}
	h := &history{l.service, firstDay}
	cohorts, err := readTable("data/cohorts.csv")
	if err != nil {
		return ctx, err
	}
	ctx = surveys.WithAccount(ctx, l.account)
	for _, f := range forms {
		if l.asked[f], err = publish(ctx, h.next(), f); err != nil {
			return ctx, err
		}
	}
	if err := setUpShowcase(ctx, h); err != nil {
		return ctx, err
	}
	for _, p := range plans {
		if ctx, err = l.setUpProgramme(ctx, h, p, cohorts); err != nil {
			return ctx, fmt.Errorf("setting %s up: %w", p.key, err)
		}
	}
	return ctx, nil
}

func publish(ctx context.Context, service *surveys.Service, f *form) (asked, error) {
	definition, err := readDefinition(f.questionnaire)
	if err != nil {
		return asked{}, err
	}
	version, err := service.Publish(ctx, f.questionnaire, definition)
	if err != nil {
		return asked{}, fmt.Errorf("publishing %s: %w", f.questionnaire, err)
	}
	instrument, err := questionnaire.Compile(version)
	return asked{f, instrument}, err
}

// readDefinition reads one of the embedded questionnaires.
func readDefinition(id questionnaire.ID) (questionnaire.Definition, error) {
	text, err := files.ReadFile("data/questionnaires/" + string(id) + ".json")
	if err != nil {
		return questionnaire.Definition{}, fmt.Errorf("reading a questionnaire: %w", err)
	}
	definition, err := questionnaire.ParseDefinition(text)
	if err != nil {
		return definition, fmt.Errorf("reading questionnaire %s: %w", id, err)
	}
	return definition, nil
}

func (l *loader) setUpProgramme(ctx context.Context, h *history, p plan, cohorts []map[string]string) (context.Context, error) {
	programme, err := h.next().CreateProgramme(ctx, p.whole())
	if err != nil {
		return ctx, err
	}
	l.programmes = append(l.programmes, programme)
	for _, f := range p.forms() {
		l.programme[f] = programme.ID
	}
	if ctx, err = l.refresh(ctx); err != nil {
		return ctx, err
	}
	for _, row := range cohorts {
		if row["programme"] != p.key {
			continue
		}
		if err := l.setUpCohort(ctx, h, programme, row); err != nil {
			return ctx, fmt.Errorf("cohort %s: %w", row["name"], err)
		}
	}
	if err := l.findWorkshops(ctx, programme, l.cohorts); err != nil {
		return ctx, err
	}
	if err := layPaperOut(ctx, h, programme); err != nil {
		return ctx, err
	}
	if err := l.makeThemes(ctx, h, programme.ID); err != nil {
		return ctx, err
	}
	if p.key == "staff" {
		return ctx, printCards(ctx, h, programme)
	}
	return ctx, nil
}

// layPaperOut makes a batch of paper forms for each strand of a programme, at the
// last wave of its first cohort: to print, and to key in.
func layPaperOut(ctx context.Context, h *history, p surveys.Programme) error {
	cohorts, err := h.service.Cohorts(ctx, p.ID)
	if err != nil || len(cohorts) == 0 {
		return err
	}
	for _, strand := range p.Strands {
		waves := strand.Design.Waves()
		_, err := h.next().CreateBatch(ctx, surveys.Batch{
			Programme: p.ID, Strand: strand.ID, Cohort: cohorts[0].ID, Wave: waves[len(waves)-1], Declared: 12, Twice: true,
		})
		if err != nil {
			return fmt.Errorf("a batch of paper forms: %w", err)
		}
	}
	return nil
}

// printCards draws a run of cards for the first two cohorts of a programme.
func printCards(ctx context.Context, h *history, p surveys.Programme) error {
	cohorts, err := h.service.Cohorts(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, cohort := range cohorts[:min(2, len(cohorts))] {
		order := surveys.CardSheet{Programme: p.ID, Strand: p.Strands[0].ID, Cohort: cohort.ID, Count: 10}
		if _, err := h.next().PrintCards(ctx, order); err != nil {
			return fmt.Errorf("printing cards: %w", err)
		}
	}
	return nil
}

// refresh reads the account again, with the roles of the newest programme.
func (l *loader) refresh(ctx context.Context) (context.Context, error) {
	accounts, err := l.service.Accounts(ctx)
	if err != nil {
		return ctx, err
	}
	i := slices.IndexFunc(accounts, func(a surveys.Account) bool { return a.ID == l.account.ID })
	if i < 0 {
		return ctx, fmt.Errorf("account %s is gone", l.account.ID)
	}
	l.account = accounts[i]
	return surveys.WithAccount(ctx, l.account), nil
}

// setUpCohort makes a cohort and all its links. A row with a kind of institution
// makes the institution too; one without is a further cohort there, in a phase
// of its own.
func (l *loader) setUpCohort(ctx context.Context, h *history, p surveys.Programme, row map[string]string) error {
	expected, err := readExpected(row["expected"])
	if err != nil {
		return err
	}
	cohort := surveys.Cohort{Programme: p.ID, Name: row["name"], Phase: row["phase"], Starts: row["starts"], Ends: row["ends"], Expected: expected}
	if row["kind"] != "" {
		institution, err := h.next().CreateInstitution(ctx, surveys.Institution{
			Programme: p.ID, Name: row["institution"], Kind: row["kind"], Phase: row["phase"], Language: postersIn[row["institution"]],
		})
		if err != nil {
			return err
		}
		l.institutions[institution.Name] = institution.ID
	}
	cohort.Institution = l.institutions[row["institution"]]
	if slices.ContainsFunc(p.Strands, func(s surveys.Strand) bool { return s.Children }) {
		cohort.AgreedBy, cohort.AgreedOn = "Head teacher, by letter to all parents", row["starts"]
	}
	if cohort, err = h.next().CreateCohort(ctx, cohort); err != nil {
		return err
	}
	l.cohorts[cohort.ID] = cohort.Name
	if err := l.createLinks(ctx, h, p, cohort); err != nil {
		return err
	}
	return l.setUpWorkshops(ctx, h, p, cohort)
}

// createLinks opens every wave of every strand to a cohort, without an end.
func (l *loader) createLinks(ctx context.Context, h *history, p surveys.Programme, c surveys.Cohort) error {
	for _, f := range forms {
		if l.programme[f] != p.ID {
			continue
		}
		for _, wave := range f.strand.Design.Waves() {
			link, err := h.next().CreateLink(ctx, surveys.Link{Programme: p.ID, Strand: f.strand.ID, Cohort: c.ID, Wave: wave})
			if err != nil {
				return err
			}
			l.tokens[place{f, c.Name, wave}] = link.Token
		}
	}
	return nil
}

// readExpected reads "pupils=178 teachers=16".
func readExpected(text string) (map[surveys.StrandID]int, error) {
	expected := map[surveys.StrandID]int{}
	for _, pair := range strings.Fields(text) {
		strand, number, _ := strings.Cut(pair, "=")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("reading how many were expected: %w", err)
		}
		expected[surveys.StrandID(strand)] = n
	}
	return expected, nil
}
