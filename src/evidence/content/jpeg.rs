//! A JPEG as a chain of segments (ITU-T T.81 annex B) up to the first scan, with an end somewhere behind it.
//!
//! Cameras put more behind the end (a brighter second image, the seconds before the picture), so that is allowed.

/// Width and height; `None` where the chain does not hold.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut size = None;
    loop {
        let (marker, after) = marker(rest)?;
        // Standalone markers have no place before the scan; 0x00 is none at all.
        if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd9) {
            return None;
        }
        let (length, _) = after.split_first_chunk::<2>()?;
        let (segment, next) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        match marker {
            // A frame header of any coding; the three others of that range are tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let [_, _, _, h1, h2, w1, w2, ..] = segment else { return None };
                let (width, height) = (u16::from_be_bytes([*w1, *w2]), u16::from_be_bytes([*h1, *h2]));
                size = Some((width.into(), height.into()));
            }
            0xda => return size.filter(|_| next.windows(2).any(|pair| pair == [0xff, 0xd9])),
            _ => {}
        }
        if segment.len() < 2 {
            return None;
        }
        rest = next;
    }
}

/// A marker, after any number of fill bytes.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes.strip_prefix(&[0xff])?;
    while let [0xff, after @ ..] = rest {
        rest = after;
    }
    let (marker, after) = rest.split_first()?;
    Some((*marker, after))
}
