//! Deployments made by hand.
#![allow(dead_code)]

use std::sync::Arc;

use rolecall_graph::{
    Answer, Deployment, GrantsTo, Language, MadeBy, Need, Permissions, Resource, ResourceIndex, Unresolved, add_managed,
};
use rolecall_source::FileId;
use rolecall_value::{
    Condition, Input, Inputs, Object, Origin, Origins, Piece, Point, Property, Reason, ReasonKind, ResourceId, Value,
};

pub const RG: &str = "/subscriptions/s/resourceGroups/g";
pub const MIO: &str = "f1a07417-d97a-45cb-824c-7a7467783830";
pub const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
pub const NETWORK_CONTRIBUTOR: &str = "4d97b98b-1d4f-4787-a291-c67834d212e7";
pub const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
pub const ASSIGN: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
pub const JOIN: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";
pub const SUBNET_READ: &str = "Microsoft.Network/virtualNetworks/subnets/read";

pub struct Builder {
    pub deployment: Deployment,
}

pub fn text(value: &str) -> Value {
    Value::string(value)
}

/// An id in the group `g`: `uai/id` and so on.
pub fn id(short: &str) -> Value {
    let (kind, name) = short.split_once('/').expect("kind/name");
    let path = match kind {
        "uai" => format!("Microsoft.ManagedIdentity/userAssignedIdentities/{name}"),
        "aks" => format!("Microsoft.ContainerService/managedClusters/{name}"),
        "vnet" => format!("Microsoft.Network/virtualNetworks/{name}"),
        "vault" => format!("Microsoft.KeyVault/vaults/{name}"),
        "subnet" => {
            let (vnet, subnet) = name.split_once('/').expect("vnet/subnet");
            format!("Microsoft.Network/virtualNetworks/{vnet}/subnets/{subnet}")
        }
        other => panic!("no kind {other}"),
    };
    text(&format!("{RG}/providers/{path}"))
}

pub fn principal_of(identity: &Value) -> Value {
    Value::attribute(identity.clone(), "properties.principalId")
}

pub fn unknown(what: &str) -> Value {
    Value::unknown(ReasonKind::Unsupported, format!("{what} is not evaluated"), what)
}

pub fn object<const N: usize>(properties: [(&str, Value); N]) -> Value {
    Value::object(properties.map(|(key, value)| (key.to_owned(), value)))
}

pub fn role_id(guid: &str) -> Value {
    text(&format!("/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{guid}"))
}

impl Builder {
    pub fn new() -> Self {
        let deployment = Deployment {
            entry: FileId(0),
            parameters: Vec::new(),
            language: Language::Arm,
            inputs: Arc::new(Inputs::default()),
            point: Point::default(),
            origins: Arc::new(Origins::default()),
            resources: Vec::new(),
            edges: Vec::new(),
            open_order: Vec::new(),
            one_by_one: Vec::new(),
            unchecked: Vec::new(),
            changes: Vec::new(),
            unresolved: Vec::new(),
            frames: Vec::new(),
            outside: Arc::default(),
            diagnostics: Vec::new(),
        };
        Builder { deployment }
    }

    pub fn input(&self, name: &str, alternatives: &[&str]) -> Arc<Input> {
        let alternatives = (!alternatives.is_empty()).then(|| alternatives.iter().copied().map(text).collect());
        self.deployment.inputs.declare(name, alternatives)
    }

    /// A condition on a bool parameter.
    pub fn flag(&self, name: &str) -> Condition {
        let input = self.deployment.inputs.declare(name, Some(vec![Value::bool(true), Value::bool(false)]));
        self.deployment.inputs.is(&input, &Value::bool(true))
    }

    pub fn resource(&mut self, id: &Value, when: Condition, body: Value) -> ResourceIndex {
        let index = ResourceIndex(u32::try_from(self.deployment.resources.len()).expect("few"));
        self.deployment.resources.push(Resource {
            id: ResourceId::parse(id).expect("an id"),
            when,
            many: false,
            body,
            made_by: MadeBy::Template,
            origin: Origin::NONE,
        });
        index
    }

    pub fn plain(&mut self, short: &str) -> Value {
        let id = id(short);
        self.resource(&id, Condition::TRUE, Object::default().into());
        id
    }

    /// A role assignment with these further properties.
    pub fn assign_with<const N: usize>(
        &mut self,
        principal: &Value,
        role: &Value,
        scope: &Value,
        when: Condition,
        more: [(&str, Value); N],
    ) -> ResourceIndex {
        let number = self.deployment.resources.len();
        let tail = format!("/providers/Microsoft.Authorization/roleAssignments/a{number}");
        let id = Value::pieces([Piece::Hole(scope.clone()), Piece::Literal(tail.into())]);
        let id = ResourceId::parse(&id).unwrap_or_else(|| ResourceId {
            scope: rolecall_value::Scope::Opaque(scope.clone()),
            resource_type: "Microsoft.Authorization/roleAssignments".into(),
            names: vec![text(&format!("a{number}"))],
        });
        let mut properties = Object::default();
        let all = [("principalId", principal.clone()), ("roleDefinitionId", role.clone())];
        for (key, value) in all.into_iter().chain(more) {
            properties.insert(&text(key), Property::from(value));
        }
        let index = ResourceIndex(u32::try_from(number).expect("few"));
        self.deployment.resources.push(Resource {
            id,
            when,
            many: false,
            body: object([("properties", properties.into())]),
            made_by: MadeBy::Template,
            origin: Origin::NONE,
        });
        index
    }

    pub fn assign(&mut self, principal: &Value, role: &str, scope: &Value) -> ResourceIndex {
        self.assign_with(principal, &role_id(role), scope, Condition::TRUE, [])
    }

    /// A cluster that is given an identity.
    pub fn cluster<const N: usize>(
        &mut self,
        name: &str,
        identity: &Value,
        properties: [(&str, Value); N],
    ) -> ResourceIndex {
        let given = Value::object([(identity.as_str().expect("a known id"), Value::object::<&str>([]))]);
        let identity = object([("type", text("UserAssigned")), ("userAssignedIdentities", given)]);
        let body =
            object([("identity", identity), ("location", text("West Europe")), ("properties", object(properties))]);
        self.resource(&id(&format!("aks/{name}")), Condition::TRUE, body)
    }

    pub fn unresolved(&mut self, arguments: Value) {
        self.unresolved_as("module.roles", arguments);
    }

    pub fn unresolved_as(&mut self, yields: &str, arguments: Value) {
        self.deployment.unresolved.push(Unresolved {
            what: "linked template 'roles.json'".to_owned(),
            reason: Reason { kind: ReasonKind::Unread, detail: "roles.json could not be read".into() },
            when: Condition::TRUE,
            arguments,
            grants_to: GrantsTo::Anyone,
            yields: yields.to_owned(),
            origin: Origin::NONE,
        });
    }

    pub fn managed(&mut self) {
        add_managed(&mut self.deployment);
    }

    pub fn ask(&self, principal: &Value, scope: &Value, actions: &[&str]) -> Answer {
        self.ask_when(principal, scope, actions, &[], &Condition::TRUE)
    }

    pub fn ask_when(
        &self,
        principal: &Value,
        scope: &Value,
        actions: &[&str],
        data_actions: &[&str],
        when: &Condition,
    ) -> Answer {
        let own = |list: &[&str]| list.iter().map(|action| (*action).to_owned()).collect::<Vec<_>>();
        let (actions, data_actions) = (own(actions), own(data_actions));
        let need = Need { principal, scope, actions: &actions, data_actions: &data_actions, when };
        Permissions::new(&self.deployment).ask(&need)
    }
}

/// Which of the four holds always: `granted`, `missing`, `assumed` or `undecided`.
pub fn verdict(answer: &Answer) -> &'static str {
    let all = [
        ("granted", &answer.granted),
        ("missing", &answer.missing),
        ("assumed", &answer.assumed),
        ("undecided", &answer.undecided),
    ];
    all.into_iter().find(|(_, when)| when.is_true()).map_or("several", |(name, _)| name)
}
