// Package media reads the recordings and pictures that an author adds to a
// questionnaire: it tells what they are by their bytes, refuses what a phone
// cannot show or play or should not be handed, and takes out what says where,
// when and by whom they were made.
//
//	image/png   image/jpeg  image/webp  image/gif
//	audio/mpeg  audio/ogg   audio/mp4   audio/wav  audio/webm
//
// SVG is none of them: it can hold programs. A file that is two things at once, a
// picture with a program behind its end, is cut off where the picture ends.
//
//	medium, err := media.Read(upload)
//	if errors.Is(err, media.ErrType) { … }
//
// Formats as described in: PNG, W3C Recommendation, third edition (2025); ITU-T
// T.81 and Exif 2.32 (JPEG); GIF89a (1990); WebP Container Specification, Google
// (2024); ID3v2.4 and ISO/IEC 11172-3 (MP3); RFC 3533, 7845 (Ogg, Opus); ISO/IEC
// 14496-12 (MP4); RFC 9559 (Matroska).
package media
