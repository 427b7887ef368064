//! Decides which OpenID Connect tokens, codes and device logins are good.
//!
//! **Invariant:** a code and a refresh token work once; everything has an end.

use std::collections::BTreeMap;

use crate::moment::Moment;
use crate::phone::{MessageState, PersonError};

/// A token or code, whose it is and how long it is good.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) user: usize,
    pub(super) until: Moment,
    /// Of an authorization code: where it was sent.
    pub(super) redirect_uri: Option<String>,
}

/// How far a device login has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeviceStage {
    Waiting,
    Confirmed,
    Declined,
    Expired,
    Used,
}

/// A login on another device.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) operation: String,
    pub(super) code: String,
    pub(super) until: Moment,
    /// When the person acts by itself, and how.
    pub(super) acts: Option<(Moment, bool)>,
    pub(super) stage: DeviceStage,
    pub(super) interval: u64,
    pub(super) last_poll: Option<Moment>,
}

/// All logins of Extern.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    pub(super) access: BTreeMap<String, Grant>,
    pub(super) refresh: BTreeMap<String, Grant>,
    pub(super) codes: BTreeMap<String, Grant>,
    /// Sessions of the portal, by their refresh tokens.
    pub(super) sessions: BTreeMap<String, Grant>,
    /// What was encrypted for certificates, by their thumbprints.
    pub(super) challenges: BTreeMap<(String, String), Grant>,
    pub(super) devices: Vec<Device>,
}

impl Identities {
    pub(super) fn settle(&mut self, now: Moment) {
        self.challenges.retain(|_, known| now < known.until);
        for device in &mut self.devices {
            if device.stage != DeviceStage::Waiting {
                continue;
            }
            match device.acts {
                Some((at, confirms)) if at <= now && at <= device.until => {
                    device.stage = if confirms {
                        DeviceStage::Confirmed
                    } else {
                        DeviceStage::Declined
                    };
                }
                _ if now > device.until => device.stage = DeviceStage::Expired,
                _ => {}
            }
        }
    }

    pub(super) fn act(&mut self, operation: &str, confirms: bool) -> Result<(), PersonError> {
        let device = self
            .devices
            .iter_mut()
            .find(|known| known.operation == operation)
            .ok_or(PersonError::UnknownOperation)?;
        if device.stage != DeviceStage::Waiting {
            return Err(PersonError::NotWaiting);
        }
        device.stage = if confirms {
            DeviceStage::Confirmed
        } else {
            DeviceStage::Declined
        };
        Ok(())
    }

    pub(super) fn state(&self, operation: &str) -> Option<MessageState> {
        self.devices
            .iter()
            .find(|known| known.operation == operation)
            .map(|known| match known.stage {
                DeviceStage::Waiting => MessageState::Waiting,
                DeviceStage::Confirmed | DeviceStage::Used => MessageState::Confirmed,
                DeviceStage::Declined => MessageState::Declined,
                DeviceStage::Expired => MessageState::Expired,
            })
    }
}
