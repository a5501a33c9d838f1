package surveys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"soundings/surveys/questionnaire"
)

// The sections of a backup; a kind of record has one of its own.
const (
	sectionResponses = "responses"
	sectionLinkages  = "linkages"
	sectionRecords   = "records/"
)

// responseDocument is a response in a backup. Fields are only ever added.
type responseDocument struct {
	ID            ResponseID            `json:"id"`
	Programme     ProgrammeID           `json:"programme"`
	Strand        StrandID              `json:"strand"`
	Cohort        CohortID              `json:"cohort"`
	Wave          questionnaire.Wave    `json:"wave"`
	Questionnaire questionnaire.ID      `json:"questionnaire"`
	Version       int                   `json:"version"`
	Language      string                `json:"language"`
	Mode          Mode                  `json:"mode"`
	Status        Status                `json:"status"`
	Started       time.Time             `json:"started"`
	Submitted     time.Time             `json:"submitted"` // in year 1 while in progress
	Page          int                   `json:"page,omitempty"`
	Coded         bool                  `json:"coded,omitempty"`
	Device        string                `json:"device,omitempty"`
	Batch         string                `json:"batch,omitempty"`
	Workshop      WorkshopID            `json:"workshop,omitempty"`
	Digest        string                `json:"digest,omitempty"`
	Notes         []string              `json:"notes,omitempty"`
	Answers       questionnaire.Answers `json:"answers,omitempty"`
	Aside         questionnaire.Answers `json:"aside,omitempty"`
	History       []Change              `json:"history,omitempty"`
	Revision      int64                 `json:"revision"`
}

// linkageDocument is a linkage in a backup; programme and strand are its response's.
type linkageDocument struct {
	Response ResponseID `json:"response"`
	Elements []string   `json:"elements,omitempty"`
}

func encodeResponse(r Response) ([]byte, error) {
	document, err := json.Marshal(responseDocument(r))
	if err != nil {
		return nil, fmt.Errorf("encoding response %s: %w", r.ID, err)
	}
	return document, nil
}

func decodeResponse(document []byte) (Response, error) {
	var d responseDocument
	if err := json.Unmarshal(document, &d); err != nil {
		return Response{}, fmt.Errorf("decoding a response: %w", err)
	}
	return Response{
		ID: d.ID, Programme: d.Programme, Strand: d.Strand, Cohort: d.Cohort, Wave: d.Wave, Questionnaire: d.Questionnaire, Version: d.Version,
		Language: d.Language, Mode: d.Mode, Status: d.Status, Started: d.Started.UTC(), Submitted: d.Submitted.UTC(), Page: d.Page, Coded: d.Coded,
		Device: d.Device, Batch: d.Batch, Workshop: d.Workshop, Digest: d.Digest, Notes: d.Notes, Answers: d.Answers, Aside: d.Aside,
		History: d.History, Revision: d.Revision,
	}, nil
}

func encodeLinkage(l *Linkage) ([]byte, error) {
	document, err := json.Marshal(linkageDocument{l.Response, l.Elements})
	if err != nil {
		return nil, fmt.Errorf("encoding the linkage of %s: %w", l.Response, err)
	}
	return document, nil
}

// recordDocument is a record in a backup; its kind is the section's. Body is as
// stored, byte for byte; Text is a body that is no JSON of one line, which no program
// of ours has written.
type recordDocument struct {
	ID       string          `json:"id"`
	Scope    string          `json:"scope,omitempty"`
	Key      string          `json:"key,omitempty"`
	At       time.Time       `json:"at"`
	Revision int64           `json:"revision"`
	Text     string          `json:"text,omitempty"`
	Body     json.RawMessage `json:"body,omitempty"`
}

// encodeRecord puts the body behind the rest as it is: encoding/json would write it anew.
func encodeRecord(r Record) ([]byte, error) {
	d := recordDocument{ID: r.ID, Scope: r.Scope, Key: r.Key, At: r.At, Revision: r.Revision}
	plain := json.Valid(r.Body) && !bytes.ContainsAny(r.Body, "\n\r")
	if !plain {
		d.Text = string(r.Body)
	}
	document, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encoding %s %s: %w", r.Kind, r.ID, err)
	}
	if !plain {
		return document, nil
	}
	document = append(document[:len(document)-1], `,"body":`...)
	return append(append(document, r.Body...), '}'), nil
}

func decodeRecord(section string, document []byte) (Record, error) {
	kind, found := strings.CutPrefix(section, sectionRecords)
	var d recordDocument
	if err := json.Unmarshal(document, &d); err != nil || !found {
		return Record{}, fmt.Errorf("decoding a document of %s: %w", section, err)
	}
	body := []byte(d.Body)
	if body == nil {
		body = []byte(d.Text)
	}
	return Record{Kind: RecordKind(kind), ID: d.ID, Scope: d.Scope, Key: d.Key, At: d.At.UTC(), Revision: d.Revision, Body: body}, nil
}
