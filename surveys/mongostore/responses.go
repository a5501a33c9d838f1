package mongostore

import (
	"context"
	"fmt"
	"iter"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// responseDoc is a response as stored. Submitted is in year 1 while in progress.
type responseDoc struct {
	ID            string     `bson:"_id"`
	Programme     string     `bson:"programme"`
	Strand        string     `bson:"strand"`
	Cohort        string     `bson:"cohort"`
	Wave          string     `bson:"wave"`
	Questionnaire string     `bson:"questionnaire"`
	Version       int        `bson:"version"`
	Language      string     `bson:"language"`
	Mode          string     `bson:"mode"`
	Status        string     `bson:"status"`
	Started       time.Time  `bson:"started"`
	Submitted     time.Time  `bson:"submitted"`
	Page          int        `bson:"page"`
	Coded         bool       `bson:"coded"`
	Device        string     `bson:"device,omitempty"`
	Batch         string     `bson:"batch,omitempty"`
	Workshop      string     `bson:"workshop,omitempty"`
	Digest        string     `bson:"digest"`
	Notes         []string   `bson:"notes,omitempty"`
	Answers       answerDocs `bson:"answers"`
	Aside         answerDocs `bson:"aside"`
	History       string     `bson:"history,omitempty"` // JSON
	Revision      int64      `bson:"revision"`
}

func responseDocOf(r surveys.Response) (*responseDoc, error) {
	history, err := surveys.EncodeHistory(r.History)
	return &responseDoc{
		ID: string(r.ID), Programme: string(r.Programme), Strand: string(r.Strand), Cohort: string(r.Cohort), Wave: string(r.Wave),
		Questionnaire: string(r.Questionnaire), Version: r.Version, Language: r.Language, Mode: string(r.Mode), Status: string(r.Status),
		Started: r.Started, Submitted: r.Submitted, Page: r.Page, Coded: r.Coded, Device: r.Device, Batch: r.Batch,
		Workshop: string(r.Workshop), Digest: r.Digest, Notes: r.Notes,
		Answers: answerDocsOf(r.Answers), Aside: answerDocsOf(r.Aside), History: history, Revision: r.Revision + 1,
	}, err
}

func (d *responseDoc) response() (surveys.Response, error) {
	history, err := surveys.DecodeHistory(d.History)
	return surveys.Response{
		ID: surveys.ResponseID(d.ID), Programme: surveys.ProgrammeID(d.Programme), Strand: surveys.StrandID(d.Strand),
		Cohort: surveys.CohortID(d.Cohort), Wave: questionnaire.Wave(d.Wave), Questionnaire: questionnaire.ID(d.Questionnaire),
		Version: d.Version, Language: d.Language, Mode: surveys.Mode(d.Mode), Status: surveys.Status(d.Status),
		Started: d.Started.UTC(), Submitted: d.Submitted.UTC(), Page: d.Page, Coded: d.Coded, Device: d.Device, Batch: d.Batch,
		Workshop: surveys.WorkshopID(d.Workshop), Digest: d.Digest, Notes: d.Notes,
		Answers: d.Answers.answers(), Aside: d.Aside.answers(), History: history, Revision: d.Revision,
	}, err
}

// PutResponse keeps l first, then r; see the package comment.
func (s *Store) PutResponse(ctx context.Context, r surveys.Response, l *surveys.Linkage) error {
	doc, err := responseDocOf(r)
	if err == nil {
		err = s.putResponse(ctx, doc, r.Revision, l)
	}
	if err != nil {
		return fmt.Errorf("putting response %s: %w", r.ID, err)
	}
	return nil
}

func (s *Store) putResponse(ctx context.Context, doc *responseDoc, revision int64, l *surveys.Linkage) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if l != nil {
		if err := s.putLinkage(ctx, linkageDocOf(l), revision); err != nil {
			return err
		}
	}
	if revision == 0 {
		return insert(ctx, s.responses, doc)
	}
	return replace(ctx, s.responses, doc.ID, revision, doc)
}

// Response returns one by id.
func (s *Store) Response(ctx context.Context, id surveys.ResponseID) (surveys.Response, error) {
	if err := s.ready(ctx); err != nil {
		return surveys.Response{}, err
	}
	var doc responseDoc
	if err := s.responses.FindOne(ctx, bson.D{{Key: "_id", Value: string(id)}}).Decode(&doc); err != nil {
		return surveys.Response{}, fmt.Errorf("reading response %s: %w", id, meaning(ctx, err))
	}
	return doc.response()
}

// Responses streams the submitted ones of a strand by time of submission, then id.
func (s *Store) Responses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	filter := append(ofStrand(programme, strand), bson.E{Key: "status", Value: string(surveys.StatusSubmitted)})
	return stream(ctx, s, "listing responses", s.responses, filter, ascending("submitted", "_id"), (*responseDoc).response)
}

// ResponsesSince streams the submitted ones of a strand from a moment on.
func (s *Store) ResponsesSince(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID, since time.Time) iter.Seq2[surveys.Response, error] {
	filter := append(ofStrand(programme, strand), bson.E{Key: "status", Value: string(surveys.StatusSubmitted)}, bson.E{Key: "submitted", Value: bson.D{{Key: "$gte", Value: since}}})
	return stream(ctx, s, "listing new responses", s.responses, filter, ascending("submitted", "_id"), (*responseDoc).response)
}

// ResponseHeads streams all of a strand without answers, by status, submission and id.
func (s *Store) ResponseHeads(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Response, error] {
	order := ascending("programme", "strand", "status", "submitted", "_id")
	return stream(ctx, s, "listing heads of responses", s.responses, ofStrand(programme, strand), order, (*responseDoc).response, "answers", "aside", "history")
}

// ResponsesWithPrefix returns those whose id begins with prefix.
func (s *Store) ResponsesWithPrefix(ctx context.Context, prefix string, limit int) ([]surveys.Response, error) {
	between := bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: prefix + surveys.AfterEveryID}}
	var found []surveys.Response
	err := s.each(ctx, s.responses, bson.D{{Key: "_id", Value: between}}, options.Find().SetSort(ascending("_id")).SetLimit(int64(limit)), func(cursor *mongo.Cursor) (bool, error) {
		var doc responseDoc
		if err := cursor.Decode(&doc); err != nil {
			return false, err
		}
		r, err := doc.response()
		found = append(found, r)
		return len(found) < limit, err
	})
	if err != nil {
		return nil, fmt.Errorf("finding responses by the beginning of their id: %w", err)
	}
	return found, nil
}

func ofStrand(programme surveys.ProgrammeID, strand surveys.StrandID) bson.D {
	return bson.D{{Key: "programme", Value: string(programme)}, {Key: "strand", Value: string(strand)}}
}

// DeleteResponse removes the linkage of one, then it.
func (s *Store) DeleteResponse(ctx context.Context, id surveys.ResponseID) error {
	if err := s.DeleteLinkage(ctx, id); err != nil {
		return err
	}
	return s.remove(ctx, s.responses, id)
}

// DeleteLinkage removes the linkage of one response.
func (s *Store) DeleteLinkage(ctx context.Context, id surveys.ResponseID) error {
	return s.remove(ctx, s.linkages, id)
}

func (s *Store) remove(ctx context.Context, from *mongo.Collection, id surveys.ResponseID) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	if _, err := from.DeleteOne(ctx, bson.D{{Key: "_id", Value: string(id)}}); err != nil {
		return fmt.Errorf("deleting %s of %s: %w", id, from.Name(), meaning(ctx, err))
	}
	return nil
}

// DeleteResponses removes the linkages of a strand, then its responses.
func (s *Store) DeleteResponses(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) (int, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	if _, err := s.linkages.DeleteMany(ctx, ofStrand(programme, strand)); err != nil {
		return 0, fmt.Errorf("deleting the linkages of %s/%s: %w", programme, strand, meaning(ctx, err))
	}
	result, err := s.responses.DeleteMany(ctx, ofStrand(programme, strand))
	if err != nil {
		return 0, fmt.Errorf("deleting the responses of %s/%s: %w", programme, strand, meaning(ctx, err))
	}
	return int(result.DeletedCount), nil
}

// countDoc is one group of CountResponses.
type countDoc struct {
	Key struct {
		Cohort string `bson:"cohort"`
		Strand string `bson:"strand"`
		Wave   string `bson:"wave"`
		Status string `bson:"status"`
	} `bson:"_id"`
	Count int `bson:"count"`
}

// countPipeline groups one programme's responses.
func countPipeline(programme surveys.ProgrammeID) mongo.Pipeline {
	return mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "programme", Value: string(programme)}}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: bson.D{
				{Key: "cohort", Value: "$cohort"}, {Key: "strand", Value: "$strand"},
				{Key: "wave", Value: "$wave"}, {Key: "status", Value: "$status"},
			}},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}},
		}}},
	}
}

// CountResponses counts a programme's responses by cohort, strand, wave and status.
func (s *Store) CountResponses(ctx context.Context, programme surveys.ProgrammeID) (map[surveys.CountKey]int, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var groups []countDoc
	cursor, err := s.responses.Aggregate(ctx, countPipeline(programme))
	if err == nil {
		err = cursor.All(ctx, &groups)
	}
	if err != nil {
		return nil, fmt.Errorf("counting responses of %s: %w", programme, meaning(ctx, err))
	}
	counts := make(map[surveys.CountKey]int, len(groups))
	for _, g := range groups {
		key := surveys.CountKey{
			Cohort: surveys.CohortID(g.Key.Cohort), Strand: surveys.StrandID(g.Key.Strand),
			Wave: questionnaire.Wave(g.Key.Wave), Status: surveys.Status(g.Key.Status),
		}
		counts[key] = g.Count
	}
	return counts, nil
}
