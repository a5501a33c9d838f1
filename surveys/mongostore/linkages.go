package mongostore

import (
	"context"
	"iter"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
)

// linkageDoc is a linkage as stored, under the id of its response.
type linkageDoc struct {
	Response  string   `bson:"_id"`
	Programme string   `bson:"programme"`
	Strand    string   `bson:"strand"`
	Elements  []string `bson:"elements,omitempty"`
}

func linkageDocOf(l *surveys.Linkage) *linkageDoc {
	return &linkageDoc{Response: string(l.Response), Programme: string(l.Programme), Strand: string(l.Strand), Elements: l.Elements}
}

func (d *linkageDoc) linkage() (surveys.Linkage, error) {
	return surveys.Linkage{
		Response: surveys.ResponseID(d.Response), Programme: surveys.ProgrammeID(d.Programme),
		Strand: surveys.StrandID(d.Strand), Elements: d.Elements,
	}, nil
}

// putLinkage writes the linkage of a response that is about to be written at
// that revision. If the response is seen to refuse the write, the linkage it has
// is left alone. A first submission is one insert; only if a linkage is there
// already is the response looked at.
func (s *Store) putLinkage(ctx context.Context, doc *linkageDoc, revision int64) error {
	if revision == 0 {
		err := insert(ctx, s.linkages, doc)
		if err != errConflict {
			return err
		}
	}
	if err := s.mayWrite(ctx, doc.Response, revision); err != nil {
		return err
	}
	_, err := s.linkages.ReplaceOne(ctx, bson.D{{Key: "_id", Value: doc.Response}}, doc, options.Replace().SetUpsert(true))
	return meaning(ctx, err)
}

// mayWrite reports, as an error, that a response is not at that revision. A
// linkage without a response is what a crash between the two left behind.
func (s *Store) mayWrite(ctx context.Context, response string, revision int64) error {
	stored, err := storedRevision(ctx, s.responses, response)
	if revision == 0 && err == errNotFound {
		return nil
	}
	if err == nil && stored != revision {
		return errConflict
	}
	return err
}

// Linkages streams the linkages of a strand by response id.
func (s *Store) Linkages(ctx context.Context, programme surveys.ProgrammeID, strand surveys.StrandID) iter.Seq2[surveys.Linkage, error] {
	return stream(ctx, s, "listing linkages", s.linkages, ofStrand(programme, strand), ascending("_id"), (*linkageDoc).linkage)
}
