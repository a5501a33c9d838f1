package surveys

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Safeguarding is who looks after what may be a disclosure in a programme, and what
// its respondents are told about help. Its zero value: nobody, and nothing.
type Safeguarding struct {
	Lead      AccountID      `json:"lead,omitempty"`       // told of concerns, and decides about them; has RoleSafeguarding
	Deputy    AccountID      `json:"deputy,omitempty"`     // likewise
	NoLetters bool           `json:"no_letters,omitempty"` // they are not written to: they look by themselves
	WorkDays  []time.Weekday `json:"work_days,omitempty"`  // none: Monday to Friday
	Holidays  []string       `json:"holidays,omitempty"`   // days on which nobody works: "2026-12-25"
	Help      Help           `json:"help,omitzero"`
}

// Appointed reports whether somebody decides about concerns. Until the lead or the
// deputy has, an answer that may be a disclosure is shown to nobody else.
func (s Safeguarding) Appointed() bool { return s.Lead != "" || s.Deputy != "" }

// people are lead and deputy, as far as there are such.
func (s Safeguarding) people() []AccountID {
	return slices.DeleteFunc([]AccountID{s.Lead, s.Deputy}, func(id AccountID) bool { return id == "" })
}

// maxHolidays is how many days off a programme may name: ten years of them.
const maxHolidays = 400

// SafeguardingPlan is what administrators say about it.
type SafeguardingPlan struct {
	Lead, Deputy string // e-mail addresses of accounts; "": nobody
	Letters      bool
	WorkDays     []time.Weekday
	Holidays     []string
}

// SafeguardingSettings are those of a programme with the names of its people.
type SafeguardingSettings struct {
	Safeguarding
	LeadAccount, DeputyAccount Account // without roles; zero: nobody, or gone
}

// SafeguardingSettings returns them for administrators of the programme.
func (s *Service) SafeguardingSettings(ctx context.Context, programme ProgrammeID) (SafeguardingSettings, error) {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return SafeguardingSettings{}, err
	}
	p, err := readRecord[Programme](ctx, s.store, recordProgramme, string(programme))
	if err != nil {
		return SafeguardingSettings{}, err
	}
	set := SafeguardingSettings{Safeguarding: p.Safeguarding}
	for id, place := range map[AccountID]*Account{p.Safeguarding.Lead: &set.LeadAccount, p.Safeguarding.Deputy: &set.DeputyAccount} {
		a, err := readRecord[Account](ctx, s.store, recordAccount, string(id))
		if id == "" || kindOfNil(err) == KindNotFound {
			continue
		}
		if err != nil {
			return set, err
		}
		*place = Account{ID: a.ID, Name: a.Name, Email: a.Email}
	}
	return set, nil
}

// SetSafeguarding appoints a programme's lead and deputy, who get RoleSafeguarding,
// and takes the role from those who are neither any more. KindInvalid: no such
// account, one person for both, or a day that is none.
func (s *Service) SetSafeguarding(ctx context.Context, programme ProgrammeID, plan SafeguardingPlan) error {
	if _, err := require(ctx, programme, MayManage); err != nil {
		return err
	}
	lead, err := s.appointee(ctx, plan.Lead, "lead")
	if err != nil {
		return err
	}
	deputy, err := s.appointee(ctx, plan.Deputy, "deputy")
	if err != nil {
		return err
	}
	if lead != "" && lead == deputy {
		return invalid("deputy", "safeguarding.two_people")
	}
	holidays, err := daysOff(plan.Holidays)
	if err != nil {
		return err
	}
	var before Safeguarding
	for _, id := range []AccountID{lead, deputy} { // first, so that nobody is appointed who may not look
		if err := s.addRole(ctx, id, programme, RoleSafeguarding); err != nil {
			return err
		}
	}
	_, err = change(ctx, s, recordProgramme, string(programme), func(p *Programme) error {
		before = p.Safeguarding
		p.Safeguarding.Lead, p.Safeguarding.Deputy, p.Safeguarding.NoLetters = lead, deputy, !plan.Letters
		p.Safeguarding.WorkDays, p.Safeguarding.Holidays = plan.WorkDays, holidays
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range before.people() {
		if id != lead && id != deputy {
			if err := s.takeRole(ctx, id, programme, RoleSafeguarding); err != nil {
				return err
			}
		}
	}
	s.wakeMarks()
	return s.Audit(ctx, programme, "safeguarding.appointed", strings.TrimSpace(string(lead)+" "+string(deputy)))
}

// appointee is the account with an address; "" for none.
func (s *Service) appointee(ctx context.Context, email, field string) (AccountID, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" {
		return "", nil
	}
	a, err := s.accountByEmail(ctx, email)
	if kindOfNil(err) == KindNotFound {
		return "", invalid(field, "account.unknown")
	}
	return a.ID, err
}

// daysOff reads days, and puts them in order.
func daysOff(lines []string) ([]string, error) {
	var days []string
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, line); err != nil {
			return nil, invalid("holidays", "safeguarding.bad_day")
		}
		days = append(days, line)
	}
	if len(days) > maxHolidays {
		return nil, invalid("holidays", "safeguarding.many_days", maxHolidays)
	}
	slices.Sort(days)
	return slices.Compact(days), nil
}

// addRole gives an account a role beside those that it has.
func (s *Service) addRole(ctx context.Context, id AccountID, programme ProgrammeID, role Role) error {
	if id == "" {
		return nil
	}
	return s.changeRoles(ctx, id, programme, func(roles []Role) []Role { return append(slices.Clone(roles), role) })
}

// takeRole takes one role from an account, which may be gone.
func (s *Service) takeRole(ctx context.Context, id AccountID, programme ProgrammeID, role Role) error {
	err := s.changeRoles(ctx, id, programme, func(roles []Role) []Role {
		return slices.DeleteFunc(slices.Clone(roles), func(r Role) bool { return r == role })
	})
	if kindOfNil(err) == KindNotFound {
		return nil
	}
	return err
}

func (s *Service) changeRoles(ctx context.Context, id AccountID, programme ProgrammeID, edit func([]Role) []Role) error {
	_, err := s.changeAccount(ctx, id, func(a *Account) error {
		a.setRoles(programme, edit(a.Roles[programme]))
		return nil
	})
	if err != nil {
		return err
	}
	return s.Audit(ctx, programme, "account.roles_changed", string(id))
}
