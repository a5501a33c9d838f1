package mongostore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"soundings/surveys"
)

// greeting is what a server says of itself (the command hello).
type greeting struct {
	SetName   string    `bson:"setName"`
	Message   string    `bson:"msg"` // "isdbgrid": the router of a sharded cluster
	Hosts     []string  `bson:"hosts"`
	LocalTime time.Time `bson:"localTime"`
}

// safeMembers is how many machines a replica set needs to lose one and go on.
const safeMembers = 3

// Inspect asks the server what it is and looks for the indexes that are declared.
func (s *Store) Inspect(ctx context.Context) (surveys.Inspection, error) {
	var seen surveys.Inspection
	var said greeting
	if err := s.database.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&said); err != nil {
		return seen, fmt.Errorf("asking MongoDB what it is: %w", meaning(ctx, err))
	}
	seen.Clock = said.LocalTime
	switch {
	case said.Message == "isdbgrid":
		seen.Said = append(seen.Said, "it is a sharded cluster")
	case said.SetName == "":
		seen.Advice = append(seen.Advice, "it is one server on its own: what it has not yet written elsewhere is lost with its disk; make it a replica set of three")
	case len(said.Hosts) < safeMembers:
		seen.Advice = append(seen.Advice, fmt.Sprintf("the replica set %s has %d members that hold data: with three it goes on when one is lost", said.SetName, len(said.Hosts)))
	default:
		seen.Said = append(seen.Said, fmt.Sprintf("the replica set %s has %d members", said.SetName, len(said.Hosts)))
	}
	missing, err := s.missing(ctx)
	if err != nil {
		return seen, err
	}
	if len(missing) > 0 {
		seen.Wrong = append(seen.Wrong, "it lacks the indexes "+strings.Join(missing, ", ")+": start soundings serve once with an account that may make them")
		return seen, nil
	}
	seen.Said = append(seen.Said, "every index is there")
	return seen, nil
}

// missing lists the declared indexes that are not there.
func (s *Store) missing(ctx context.Context) (missing []string, err error) {
	for _, of := range s.declared() {
		specs, err := of.collection.Indexes().ListSpecifications(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the indexes of %s: %w", of.collection.Name(), meaning(ctx, err))
		}
		for _, model := range of.indexes {
			name, err := nameOf(model)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(specs, func(spec mongo.IndexSpecification) bool { return spec.Name == name }) {
				missing = append(missing, of.collection.Name()+"."+name)
			}
		}
	}
	return missing, nil
}

// nameOf is the name that index gave a model.
func nameOf(model mongo.IndexModel) (string, error) {
	var set options.IndexOptions
	for _, option := range model.Options.List() {
		if err := option(&set); err != nil {
			return "", err
		}
	}
	return *set.Name, nil
}
