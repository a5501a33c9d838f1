package demo

import (
	"time"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// form is one questionnaire of the demonstration and the strand that asks it.
type form struct {
	questionnaire questionnaire.ID
	plan          string // key of its programme
	place         string // column that names the cohort
	open          questionnaire.ItemID
	strand        surveys.Strand
}

// forms lists the five questionnaires. The smallest programme comes first.
var forms = []*form{
	{
		questionnaire: "parenting", plan: "parenting", place: "series", open: "what_changed",
		strand: surveys.Strand{
			ID: "parents", Title: "Parents", People: "parents", Groups: "series", Role: "Parent", Audience: surveys.AudienceParticipant,
			Design: surveys.DesignPrePost, Block: surveys.BlockCohort,
		},
	},
	{
		questionnaire: "pupil_workshop", plan: "workshops", place: "school", open: "best_thing",
		strand: surveys.Strand{
			ID: "pupils", Title: "Pupils", People: "pupils", Places: "schools", Target: 850, Role: "Pupil", Audience: surveys.AudienceParticipant,
			Design: surveys.DesignPrePost, Block: surveys.BlockInstitution, Children: true,
		},
	},
	{
		questionnaire: "teacher_feedback", plan: "workshops", place: "school", open: "comment",
		strand: surveys.Strand{
			ID: "teachers", Title: "Teachers", People: "teachers", Places: "schools", Role: "Teacher", Audience: surveys.AudienceTeacher,
			Design: surveys.DesignRating, Present: "class_size",
		},
	},
	{
		questionnaire: "trainee_day", plan: "trainees", place: "institution", open: "do_differently",
		strand: surveys.Strand{
			ID: "trainees", Title: "Trainee teachers", People: "trainee teachers", Role: "Trainee teacher", Audience: surveys.AudienceTrainee,
			Design: surveys.DesignThenNow,
		},
	},
	{
		questionnaire: "staff_training", plan: "staff", place: "directorate", open: "comment",
		strand: surveys.Strand{
			ID: "staff", Title: "Council staff", People: "council staff", Groups: "directorates", Role: "Council staff", Audience: surveys.AudienceParticipant,
			Design: surveys.DesignPrePost, Block: surveys.BlockProgramme,
		},
	},
}

// plan is one programme of the demonstration.
type plan struct {
	key       string // of cohorts.csv
	programme surveys.Programme
}

// plans lists the four programmes, by their first day.
var plans = []plan{
	{"parenting", surveys.Programme{
		Name:    "Stronger Families parenting programme",
		Purpose: "Ten evenings for parents of primary pupils: calmer days at home, clear limits, and words for feelings. All of it is made up.",
		From:    "2023-09-01", To: "2024-08-31", Targets: surveys.Targets{People: 60},
	}},
	{"workshops", surveys.Programme{
		Name:    "Feelings and Friendships school workshops",
		Purpose: "Six workshops in Years 5 and 6 about feelings, asking for help and getting on with others. All of it is made up.",
		From:    "2024-01-08", To: "2024-07-19", Targets: surveys.Targets{People: 850, Institutions: 7},
	}},
	{"trainees", surveys.Programme{
		Name:    "Trainee teachers' wellbeing day",
		Purpose: "One day for trainee teachers about looking after themselves in their first years. All of it is made up.",
		From:    "2024-02-01", To: "2024-07-31", Targets: surveys.Targets{People: 1600, Institutions: 50},
	}},
	{"staff", surveys.Programme{
		Name:    "Domestic abuse awareness for council staff",
		Purpose: "A half-day training for council staff: seeing the signs, asking, and knowing whom to turn to. All of it is made up.",
		From:    "2024-05-01", To: "2024-07-31", Targets: surveys.Targets{People: 480},
	}},
}

// whole returns the programme of p with its strands and what all of them share.
func (p plan) whole() surveys.Programme {
	whole := p.programme
	whole.Funder, whole.Zone, whole.SmallestGroup, whole.Demo = "A made-up grant", "Europe/London", 5, true
	whole.Safeguarding.Help = helpOf(firstDay)
	for _, f := range p.forms() {
		strand := f.strand
		strand.Questionnaire = f.questionnaire
		whole.Strands = append(whole.Strands, strand)
	}
	return whole
}

// helpOf is what each programme tells about help: the lines that are suggested, with
// names in the demonstration's other language.
func helpOf(checked time.Time) surveys.Help {
	lines := surveys.SuggestedHelp()
	for i, arabic := range []string{"في حالة الخطر", "خط الطفل (Childline)", "السامريون (Samaritans)", "قلق على طفل (NSPCC)"} {
		lines[i].Name["ar"] = arabic
	}
	return surveys.Help{Lines: lines, Checked: checked.Format(time.DateOnly), Contact: true}
}

// forms lists the forms that the programme's strands ask.
func (p plan) forms() []*form {
	var own []*form
	for _, f := range forms {
		if f.plan == p.key {
			own = append(own, f)
		}
	}
	return own
}
