// Package demo fills an empty store with a made-up demonstration: four
// programmes, 4,077 responses, and what a person decided about their open
// answers. Nobody and no place in it exists; every programme is marked Demo.
//
// Load does all of it through the Service, as people do: an owner sets up
// programmes, cohorts and links, phones submit forms, and an evaluator reads
// open answers. So whatever Load stores, a visitor could have stored.
//
// Beside them stands a questionnaire that no programme asks yet, in four languages,
// with conditions, pictures and a ranking, whose next version has begun: for
// looking at, trying out and changing.
//
// # Shapes
//
// Everything is embedded from the folder data, which SOURCE.md describes:
//
//	data/questionnaires/<id>.json  a questionnaire.Definition, in English and Arabic
//	data/<id>.csv.gz               its responses, a line each
//	data/cohorts.csv               institutions and cohorts, with expected numbers
//	data/readings.csv              open answers approved as quotes or left unread
//
// A line of responses names its columns in its first line:
//
//	response_id,wave,submitted_at,series,code_m2,…,pc1,…,stress,what_changed,consent_quote
//	r_g6vqfvbq,post,2024-08-20T02:34:00,Series 4,SU,…,2,…,8,"Very clear, …",1
//
// A number is the score of a choice, or the answer itself of a number and a
// 0–10 scale; a name is the English label of a choice; an empty field was left
// blank. Times have no zone there and are taken as UTC.
//
// # Made up beyond the reference data
//
// The language of a response (about one in twelve is in Arabic), the minute it
// was begun, and the answers to items that the data do not hold come from a
// generator seeded by the response itself, so that every load gives the same.
package demo
