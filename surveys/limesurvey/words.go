package limesurvey

import "soundings/surveys/questionnaire"

// What LimeSurvey shows for questions with a list of its own. Its codes stay,
// since that is what its data hold.
var (
	wordYes       = questionnaire.Text{"en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "it": "Sì", "pt": "Sim", "nl": "Ja", "pl": "Tak", "sv": "Ja", "da": "Ja", "nb": "Ja", "cs": "Ano", "ru": "Да", "uk": "Так", "ar": "نعم", "sq": "Po"}
	wordNo        = questionnaire.Text{"en": "No", "de": "Nein", "fr": "Non", "es": "No", "it": "No", "pt": "Não", "nl": "Nee", "pl": "Nie", "sv": "Nej", "da": "Nej", "nb": "Nei", "cs": "Ne", "ru": "Нет", "uk": "Ні", "ar": "لا", "sq": "Jo"}
	wordUncertain = questionnaire.Text{"en": "Uncertain", "de": "Unsicher", "fr": "Indécis", "es": "Dudoso", "it": "Incerto", "pt": "Incerto", "nl": "Onzeker", "pl": "Nie wiem", "ru": "Не уверен", "uk": "Не впевнений"}
	wordIncrease  = questionnaire.Text{"en": "Increase", "de": "Zunahme", "fr": "Augmenter", "es": "Aumentar", "it": "Aumenta", "pt": "Aumentar", "nl": "Toename", "ru": "Увеличить", "uk": "Збільшити"}
	wordSame      = questionnaire.Text{"en": "Same", "de": "Gleich", "fr": "Sans changement", "es": "Igual", "it": "Uguale", "pt": "Igual", "nl": "Gelijk", "ru": "Без изменений", "uk": "Без змін"}
	wordDecrease  = questionnaire.Text{"en": "Decrease", "de": "Abnahme", "fr": "Diminuer", "es": "Disminuir", "it": "Diminuisce", "pt": "Diminuir", "nl": "Afname", "ru": "Уменьшить", "uk": "Зменшити"}
	wordFemale    = questionnaire.Text{"en": "Female", "de": "Weiblich", "fr": "Féminin", "es": "Femenino", "it": "Femmina", "pt": "Feminino", "nl": "Vrouw", "pl": "Kobieta", "sv": "Kvinna", "da": "Kvinde", "nb": "Kvinne", "cs": "Žena", "ru": "Женский", "uk": "Жіноча", "ar": "أنثى"}
	wordMale      = questionnaire.Text{"en": "Male", "de": "Männlich", "fr": "Masculin", "es": "Masculino", "it": "Maschio", "pt": "Masculino", "nl": "Man", "pl": "Mężczyzna", "sv": "Man", "da": "Mand", "nb": "Mann", "cs": "Muž", "ru": "Мужской", "uk": "Чоловіча", "ar": "ذكر"}
	wordOther     = questionnaire.Text{"en": "Other", "de": "Sonstiges", "fr": "Autre", "es": "Otro", "it": "Altro", "pt": "Outro", "nl": "Anders", "pl": "Inne", "sv": "Annat", "da": "Andet", "nb": "Annet", "cs": "Jiné", "ru": "Другое", "uk": "Інше", "ar": "أخرى", "sq": "Tjetër"}
	wordComment   = questionnaire.Text{"en": "Please say more", "de": "Bitte erläutern", "fr": "Commentaire", "es": "Comentario", "it": "Commento", "pt": "Comentário", "nl": "Toelichting", "ru": "Комментарий", "uk": "Коментар"}
)

// builtIn is a choice of a list that LimeSurvey has itself.
type builtIn struct {
	code  string
	label questionnaire.Text // nil: the code
	score float64            // 0: none
}

// builtIns are the lists by type of question.
var builtIns = map[string][]builtIn{
	"Y": {{"Y", wordYes, 0}, {"N", wordNo, 0}},
	"G": {{"F", wordFemale, 0}, {"M", wordMale, 0}},
	"C": {{"Y", wordYes, 0}, {"U", wordUncertain, 0}, {"N", wordNo, 0}},
	"E": {{"I", wordIncrease, 0}, {"S", wordSame, 0}, {"D", wordDecrease, 0}},
	"5": numbered(5),
	"A": numbered(5),
	"B": numbered(10),
}

func numbered(n int) []builtIn {
	list := make([]builtIn, n)
	for i := range list {
		list[i] = builtIn{code: digits(i + 1), score: float64(i + 1)}
	}
	return list
}
