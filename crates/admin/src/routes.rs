//! Routes that know how they are described. Here: the list that a router and the OpenAPI document are both made from;
//! the document only when someone asks for it, since making it takes longer and more memory than starting to serve.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use muster_http::Site;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{HttpMethod, OpenApi, RefOr, Schema};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// How one route is described, not yet done.
struct Described {
    path: fn() -> String,
    methods: fn() -> Vec<HttpMethod>,
    operation: fn() -> Operation,
    tags: fn() -> Vec<&'static str>,
    schemas: fn(&mut Schemas),
}

/// Handlers with their descriptions. See [`routes!`].
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Site>,
    described: Vec<Described>,
}

impl Routes {
    /// Adds a handler where its `#[utoipa::path]`, `P`, says.
    pub(crate) fn add<P, H, T>(mut self, handler: H) -> Self
    where
        P: Path + Tags<'static> + SchemaReferences,
        H: Handler<T, Site>,
        T: 'static,
    {
        let on = |router: MethodRouter<Site>, method: &HttpMethod| router.on(filter(method), handler.clone());
        self.router = self.router.route(&P::path(), P::methods().iter().fold(MethodRouter::new(), on));
        self.described.push(Described {
            path: P::path,
            methods: P::methods,
            operation: P::operation,
            tags: P::tags,
            schemas: P::schemas,
        });
        self
    }

    /// Both.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.described.extend(other.described);
        self
    }

    /// The router.
    pub(crate) fn into_router(self) -> Router<Site> {
        self.router
    }

    /// Writes every route and its schemas into a document.
    pub(crate) fn describe(&self, document: &mut OpenApi) {
        let mut schemas = Schemas::new();
        for route in &self.described {
            let mut operation = (route.operation)();
            let tags = (route.tags)();
            if !tags.is_empty() {
                operation.tags.get_or_insert_default().extend(tags.into_iter().map(str::to_owned));
            }
            document.paths.add_path_operation((route.path)(), (route.methods)(), operation);
            (route.schemas)(&mut schemas);
        }
        document.components.get_or_insert_default().schemas.extend(schemas);
    }
}

const fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
    }
}

/// `routes!(list::list, create::create)`: the [`Routes`] of handlers, each given as file and function.
macro_rules! routes {
    ($($file:ident :: $handler:ident),+ $(,)?) => {
        pastey::paste! {
            $crate::routes::Routes::default()$(.add::<$file::[<__path_ $handler>], _, _>($file::$handler))+
        }
    };
}
pub(crate) use routes;
