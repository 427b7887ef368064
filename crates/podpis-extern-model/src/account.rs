//! Accounts of a user.
//!
//! **Invariant:** an account is chosen by its INN and KPP; what else the service tells may be absent.

use serde::Deserialize;

use crate::{AccountId, Link, lenient};

/// A page of accounts.
///
/// Source: `AccountList` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct AccountList {
    /// How many accounts stand before this page.
    #[serde(deserialize_with = "lenient::count")]
    pub skip: Option<u64>,
    /// How many accounts a page holds at most.
    #[serde(deserialize_with = "lenient::count")]
    pub take: Option<u64>,
    /// How many accounts there are.
    #[serde(deserialize_with = "lenient::count")]
    pub total_count: Option<u64>,
    /// The accounts of this page.
    #[serde(deserialize_with = "lenient::list")]
    pub accounts: Vec<Account>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
}

/// An account: an organization as this user may act for it.
///
/// Source: `Account` of the official SDKs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Account {
    /// Its id.
    #[serde(deserialize_with = "lenient::filled")]
    pub id: Option<AccountId>,
    /// INN of the organization.
    pub inn: Option<String>,
    /// KPP of the organization.
    pub kpp: Option<String>,
    /// Name of the organization.
    pub organization_name: Option<String>,
    /// Name of the product that was bought; obsolete.
    pub product_name: Option<String>,
    /// The products that were bought.
    #[serde(deserialize_with = "lenient::list")]
    pub products: Vec<Product>,
    /// What the user may do, for example `admin`.
    pub role: Option<String>,
    /// Where to go on.
    #[serde(deserialize_with = "lenient::list")]
    pub links: Vec<Link>,
    /// Id of the subscriber.
    #[serde(deserialize_with = "lenient::filled")]
    pub abonent_id: Option<String>,
    /// Name of the account.
    pub name: Option<String>,
    /// Whether the user may work in the web interface.
    #[serde(deserialize_with = "lenient::flag")]
    pub has_web_access: Option<bool>,
    /// Whether demands come here.
    #[serde(deserialize_with = "lenient::flag")]
    pub is_demand_recipient: Option<bool>,
    /// Whether the user may add organizations.
    #[serde(deserialize_with = "lenient::flag")]
    pub can_add_organizations: Option<bool>,
}

/// A product that was bought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Product {
    /// Its name.
    pub name: Option<String>,
}
