package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
	"soundings/surveys/questionnaire"
)

// tallyKey is what responses are tallied by.
type tallyKey struct {
	Cohort   string `bson:"cohort"`
	Strand   string `bson:"strand"`
	Wave     string `bson:"wave"`
	Status   string `bson:"status"`
	Workshop string `bson:"workshop"`
}

// tallyDoc is one group of the pipeline.
type tallyDoc struct {
	Key   tallyKey  `bson:"_id"`
	Count int       `bson:"count"`
	Last  time.Time `bson:"last"`
}

func (d tallyDoc) tally() surveys.Tally {
	t := surveys.Tally{
		Cohort: surveys.CohortID(d.Key.Cohort), Strand: surveys.StrandID(d.Key.Strand), Wave: questionnaire.Wave(d.Key.Wave),
		Status: surveys.Status(d.Key.Status), Workshop: surveys.WorkshopID(d.Key.Workshop), Responses: d.Count,
	}
	if t.Status == surveys.StatusSubmitted {
		t.Last = d.Last.UTC()
	}
	return t
}

// tallyFields are read of each response, all from the index "tally".
var tallyFields = []string{"cohort", "strand", "wave", "status", "workshop"}

// tallyPipeline groups one programme's responses, with the latest submission.
func tallyPipeline(programme surveys.ProgrammeID) mongo.Pipeline {
	var key bson.D
	for _, field := range tallyFields {
		key = append(key, bson.E{Key: field, Value: "$" + field})
	}
	return mongo.Pipeline{
		{{Key: "$match", Value: bson.D{{Key: "programme", Value: string(programme)}}}},
		{{Key: "$group", Value: bson.D{
			{Key: "_id", Value: key},
			{Key: "count", Value: bson.D{{Key: "$sum", Value: 1}}},
			{Key: "last", Value: bson.D{{Key: "$max", Value: "$submitted"}}},
		}}},
	}
}

// Tallies counts a programme's responses by workshop too, with the moment of the
// latest submission.
func (s *Store) Tallies(ctx context.Context, programme surveys.ProgrammeID) ([]surveys.Tally, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	groups, err := s.tallyThere(ctx, programme)
	if notImplemented(err) {
		groups, err = s.tallyHere(ctx, programme)
	}
	if err != nil {
		return nil, fmt.Errorf("tallying responses of %s: %w", programme, meaning(ctx, err))
	}
	all := make([]surveys.Tally, len(groups))
	for i, g := range groups {
		all[i] = g.tally()
	}
	return all, nil
}

// tallyThere lets the server group.
func (s *Store) tallyThere(ctx context.Context, programme surveys.ProgrammeID) (groups []tallyDoc, err error) {
	cursor, err := s.responses.Aggregate(ctx, tallyPipeline(programme))
	if err == nil {
		err = cursor.All(ctx, &groups)
	}
	return groups, err
}

// codeNotImplemented is what servers that speak MongoDB's language without all
// of its words say of one they lack.
const codeNotImplemented = 238

func notImplemented(err error) bool {
	var refused mongo.ServerError
	return errors.As(err, &refused) && refused.HasErrorCode(codeNotImplemented)
}

// tallyHere groups what the server streams, for one that knows no $max.
func (s *Store) tallyHere(ctx context.Context, programme surveys.ProgrammeID) ([]tallyDoc, error) {
	fields := bson.D{{Key: "_id", Value: 0}, {Key: "submitted", Value: 1}}
	for _, field := range tallyFields {
		fields = append(fields, bson.E{Key: field, Value: 1})
	}
	filter := bson.D{{Key: "programme", Value: string(programme)}}
	cursor, err := s.responses.Find(ctx, filter, options.Find().SetProjection(fields))
	if err != nil {
		return nil, err
	}
	defer part(ctx, cursor)
	places := map[tallyKey]int{}
	var groups []tallyDoc
	for cursor.Next(ctx) {
		var one struct {
			Key       tallyKey  `bson:",inline"`
			Submitted time.Time `bson:"submitted"`
		}
		if err := cursor.Decode(&one); err != nil {
			return nil, err
		}
		i, known := places[one.Key]
		if !known {
			i = len(groups)
			places[one.Key] = i
			groups = append(groups, tallyDoc{Key: one.Key})
		}
		groups[i].Count++
		if one.Submitted.After(groups[i].Last) {
			groups[i].Last = one.Submitted
		}
	}
	return groups, cursor.Err()
}
