//! Bytes of a log → text, a piece at a time.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

/// Bytes of a file that decide about its encoding.
pub(super) const HEAD: usize = 1 << 20;

const PIECE: usize = 64 << 10;

/// A text that is decoded while it is read: always UTF-8, with U+FFFD for what is no text.
pub(super) struct DecodedInput<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes of `raw` that are not decoded yet.
    pending: std::ops::Range<usize>,
    text: Vec<u8>,
    /// Bytes of `text` that are not handed out yet.
    ready: std::ops::Range<usize>,
    is_over: bool,
    /// Whether the last byte was a carriage return: the end of a line, also before another.
    is_return: bool,
}

/// The encoding of a file by its first bytes: its byte order mark, else UTF-8 if they are, else
/// Windows-1252.
///
/// # Errors
///
/// Why they are no text.
pub(super) fn encoding_of(head: &[u8]) -> Result<&'static Encoding, &'static str> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        return Err("it is packed: unpack it first");
    }
    if head.starts_with(b"PK") || head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err("it is a workbook: save it as CSV");
    }
    if head.contains(&0) {
        return Err("it has bytes of zero: save it as UTF-8, or as UTF-16 with a byte order mark");
    }
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character may go on behind what was read.
        Err(error) => error.error_len().is_none() && head.len() >= HEAD,
    };
    Ok(if is_utf8 { encoding_rs::UTF_8 } else { encoding_rs::WINDOWS_1252 })
}

impl<R: Read> DecodedInput<R> {
    pub(super) fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; PIECE],
            pending: 0..0,
            text: vec![0; PIECE * 3],
            ready: 0..0,
            is_over: false,
            is_return: false,
        }
    }

    fn decodes_more(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !self.is_over {
            let mut is_last = false;
            if self.pending.is_empty() {
                let count = self.input.read(&mut self.raw)?;
                (self.pending, is_last) = (0..count, count == 0);
            }
            let raw = &self.raw[self.pending.clone()];
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.text, is_last);
            self.pending.start += read;
            self.ready = 0..self.with_plain_ends(written);
            self.is_over = is_last && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R> DecodedInput<R> {
    /// Makes every end of a line in the first bytes of the text a line feed; comes to how many bytes are
    /// left.
    fn with_plain_ends(&mut self, written: usize) -> usize {
        let mut kept = 0;
        for at in 0..written {
            let byte = self.text[at];
            let is_second = self.is_return && byte == b'\n';
            self.is_return = byte == b'\r';
            if !is_second {
                self.text[kept] = if self.is_return { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for DecodedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decodes_more()?;
        let count = buffer.len().min(self.ready.len());
        let from = self.ready.start;
        buffer[..count].copy_from_slice(&self.text[from..from + count]);
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> String {
        let encoding = encoding_of(bytes).unwrap();
        let mut text = String::new();
        DecodedInput::new(bytes, encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_log_is_decoded_whatever_its_encoding_and_length() {
        let text = "conversation;Zeit;Gespräch €\n".repeat(20_000);
        let utf16: Vec<u8> =
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
        assert_eq!(decoded(text.as_bytes()), text);
        assert_eq!(decoded(text.replace('\n', "\r\n").as_bytes()), text);
        assert_eq!(decoded(text.replace('\n', "\r").as_bytes()), text);
        assert_eq!(decoded(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decoded(&utf16), text);
        assert_eq!(decoded(&windows), text);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, why) in [
            (&b"\x1f\x8b\x08"[..], "packed"),
            (b"PK\x03\x04", "workbook"),
            (b"c\0o\0n\0", "bytes of zero"),
        ] {
            assert!(encoding_of(bytes).unwrap_err().contains(why), "{why}");
        }
    }
}
