package app

import (
	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// The words of the staff pages for what the domain knows by code. Staff pages
// are in English.
var (
	audienceWords = map[surveys.Audience]string{
		surveys.AudienceParticipant: "Participants",
		surveys.AudienceTrainee:     "Trainees",
		surveys.AudienceTeacher:     "Teachers",
	}
	designWords = map[surveys.Design]string{
		surveys.DesignPrePost:         "before and after",
		surveys.DesignPrePostFollowUp: "before, after and follow-up",
		surveys.DesignThenNow:         "then and now, both asked afterwards",
		surveys.DesignRating:          "a rating afterwards",
		surveys.DesignUnlinked:        "before and after, not linked",
	}
	waveWords = map[questionnaire.Wave]string{
		questionnaire.WavePre:      "Before",
		questionnaire.WavePost:     "After",
		questionnaire.WaveFollowUp: "Follow-up",
	}
	roleWords = map[surveys.Role]string{
		surveys.RoleAdministrator: "Administrator",
		surveys.RoleDesigner:      "Designer",
		surveys.RoleFacilitator:   "Facilitator",
		surveys.RoleEvaluator:     "Evaluator",
		surveys.RoleSafeguarding:  "Safeguarding lead",
	}
	stateWords = map[string]string{"open": "Open", "not_yet": "Not open yet", "closed": "Closed", "withdrawn": "Withdrawn"}
)

// waveWord is the name of a wave in a design: what is asked once has no before.
func waveWord(d surveys.Design, w questionnaire.Wave) string {
	if len(d.Waves()) == 1 {
		return "Answers"
	}
	return waveWords[w]
}

// The lists of the forms.
var (
	audienceOptions = []choiceOption{
		{string(surveys.AudienceParticipant), "Participants", ""},
		{string(surveys.AudienceTrainee), "Trainees", ""},
		{string(surveys.AudienceTeacher), "Teachers", ""},
	}
	designOptions = []choiceOption{
		{string(surveys.DesignPrePost), "Before and after: the same people, paired by code", ""},
		{string(surveys.DesignPrePostFollowUp), "Before, after and once more at follow-up", ""},
		{string(surveys.DesignThenNow), "Then and now: both asked in one form afterwards", ""},
		{string(surveys.DesignRating), "A rating afterwards", ""},
		{string(surveys.DesignUnlinked), "Before and after without a code: nobody can be compared with themselves. Choose it only where a code cannot be asked", ""},
	}
	blockOptions = []choiceOption{
		{string(surveys.BlockCohort), "the same cohort", ""},
		{string(surveys.BlockInstitution), "the same institution", ""},
		{string(surveys.BlockProgramme), "the whole programme", ""},
	}
	roleOptions = []choiceOption{
		{string(surveys.RoleAdministrator), "Administrator", "cohorts, institutions, links, people, audit trail"},
		{string(surveys.RoleDesigner), "Designer", "questionnaires"},
		{string(surveys.RoleFacilitator), "Facilitator", "links and counts, no answers"},
		{string(surveys.RoleEvaluator), "Evaluator", "answers, outcomes, workbooks, quotes"},
		{string(surveys.RoleSafeguarding), "Safeguarding lead", "concerns only"},
	}
)
