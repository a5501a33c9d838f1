package surveys

const (
	recordRoom       RecordKind = "room"        // scope programme, key token
	recordRoomKey    RecordKind = "room_key"    // scope programme, id room; time = when it is destroyed
	recordRoomAnswer RecordKind = "room_answer" // scope room, id a hash: that one answer came; what is counted
	recordBegun      RecordKind = "begun"       // scope programme/cohort/strand/wave, id a hash: that somebody began; a day old at most
)
