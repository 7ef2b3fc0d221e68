//! Lists: limit, skip, cursor, sort, search, filters, fields, in v1's spelling and v2's.

use serde_json::json;

use crate::harness::ask::{each, id};

both! {
    async fn pages_of_people(t) {
        for n in 0..25 {
            t.person(&format!("p{n:02}")).await;
        }
        let first = t.get("/api/systemusers").expect(200).await;
        assert_eq!((first.body["results"].as_array().unwrap().len(), &first.body["totalCount"]), (10, &json!(25)));
        let mut seen = each(&first.body["results"], "_id").len();
        let mut link = first.header("link").map(str::to_owned);
        while let Some(next) = link {
            let path = next.strip_prefix("<https://id.example.test").unwrap().split('>').next().unwrap().to_owned();
            let page = t.get(&path).expect(200).await;
            seen += each(&page.body["results"], "_id").len();
            link = page.header("link").map(str::to_owned);
        }
        assert_eq!(seen, 25);
        let sorted = t.get("/api/systemusers?sort=-username&limit=3&skip=1").expect(200).await;
        assert_eq!(each(&sorted.body["results"], "username"), ["p23", "p22", "p21"]);
        assert!(sorted.header("link").is_none(), "a cursor goes with the order of ids only");
        assert_eq!(t.get("/api/systemusers?limit=1000").ok().await["results"].as_array().unwrap().len(), 25);
        for (query, field) in [("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("skip=-1", "skip"), ("cursor=zz", "cursor"), ("filter=x", "filter"), ("filter=a:like:b", "filter")] {
            assert_eq!(t.get(&format!("/api/systemusers?{query}")).fields().await, [field], "{query}");
        }
    }

    async fn people_are_filtered_and_searched(t) {
        let (ana, _, cy) = (t.person("ana").await, t.person("bo").await, t.person("cy").await);
        t.put(&format!("/api/systemusers/{ana}"), json!({"department": "Sales", "attributes": [{"name": "floor", "value": "3"}]})).ok().await;
        t.put(&format!("/api/systemusers/{cy}"), json!({"suspended": true, "department": "Sales"})).ok().await;
        let pending = json!({"username": "dee", "email": "dee@acme.example"});
        t.post("/api/systemusers", pending).ok().await;
        let names = async |query: &str| {
            let found = t.get(&format!("/api/systemusers?sort=username&{query}")).ok().await;
            let names: Vec<String> = each(&found["results"], "username").into_iter().map(str::to_owned).collect();
            assert_eq!(found["totalCount"], names.len());
            names
        };
        assert_eq!(names("filter=department:$eq:Sales").await, ["ana", "cy"]);
        assert_eq!(names("filter=department:eq:Sales").await, ["ana", "cy"]);
        assert_eq!(names("filter[0]=department:$eq:Sales&filter[1]=state:$eq:SUSPENDED").await, ["cy"]);
        assert_eq!(names("filter=department:$eq:Sales&filter=state:$ne:SUSPENDED").await, ["ana"]);
        assert_eq!(names("filter[or][0]=username:$eq:bo&filter[or][1]=username:$eq:cy").await, ["bo", "cy"]);
        assert_eq!(names("filter=activated:$eq:false").await, ["dee"]);
        assert_eq!(names("filter=suspended:$eq:true").await, ["cy"]);
        assert_eq!(names("filter=attributes.floor:$eq:3").await, ["ana"]);
        assert_eq!(names("filter=nothing:$eq:x").await, Vec::<String>::new());
        assert_eq!(names("search=DEE").await, ["dee"]);
        assert_eq!(names("search=%25").await, Vec::<String>::new());
        assert_eq!(names("filter=email:$gt:c&sort=-username").await, ["dee", "cy"]);
        let few = t.get("/api/systemusers?fields=username%20email&limit=1").send().await;
        let members: Vec<&String> = few.body["results"][0].as_object().unwrap().keys().collect();
        assert_eq!(members, ["_id", "email", "username"]);
    }

    async fn lists_of_v2_are_bare(t) {
        for name in ["Blue, the", "Amber", "Coral"] {
            t.group(name).await;
        }
        let all = t.get("/api/v2/usergroups?sort=name").expect(200).await;
        assert_eq!(each(&all.body, "name"), ["All Users", "Amber", "Blue, the", "Coral"]);
        assert_eq!(all.header("x-total-count"), Some("4"));
        let filtered = t.get("/api/v2/usergroups?filter=name:eq:Blue,%20the").expect(200).await;
        assert_eq!((each(&filtered.body, "name").len(), filtered.header("x-total-count")), (1, Some("1")));
        let found = t.get("/api/v2/usergroups?filter=name:search:am,membershipMethod:eq:STATIC").ok().await;
        assert_eq!(each(&found, "name"), ["Amber"]);
        let by_id = t.get("/api/v2/usergroups?limit=2").expect(200).await;
        let link = by_id.header("link").unwrap();
        let last = id(&by_id.body[1]);
        assert!(link.contains(&format!("cursor={last}")), "{link}");
        let rest = t.get(&format!("/api/v2/usergroups?limit=2&cursor={last}")).expect(200).await;
        assert_eq!((rest.body.as_array().unwrap().len(), rest.header("link")), (2, None));
        let dynamic = t.get("/api/v2/groups?filter=membershipMethod:eq:DYNAMIC_AUTOMATED").ok().await;
        let kinds = each(&dynamic, "type").into_iter().map(ToOwned::to_owned).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(kinds.len(), 2, "groups of both kinds: {dynamic}");
        assert_eq!(t.get("/api/v2/usergroups?limit=no").fields().await, ["limit"]);
    }
}
