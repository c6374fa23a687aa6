//! What a skill has of its own, and what agents may have of a skill (A16).

use crate::common::{Scene, scene};

/// Ann has chat and mail; both ask at 0 and she never answers.
fn idle(more: &str) -> Scene {
    scene(
        "agents.ann.skills = ['chat', 'mail']
        agents.ann.interruptions = { at = '00:00', for = '2h' }
        consumers.web.messages = 1
        consumers.web.skill = 'chat'
        consumers.post.messages = 1
        consumers.post.skill = 'mail'",
    )
    .with(more)
    .visits("web", "0")
    .visits("post", "0")
}

#[test]
fn a16_a_skill_has_its_own_timeouts_and_the_centres_where_it_says_nothing() {
    let tale = idle(
        "unassign = { enabled = true, timeout = { online = '60s' }, exclude = 'none' }
        skills.chat = {}
        skills.mail.unassign.timeout.online = '10m'
        run.until = '11m'",
    )
    .run();
    let first =
        |name: &str| tale.facts("auto_unassigned").into_iter().find(|line| line.contains(name));
    assert_eq!(first("web").unwrap(), "60 auto_unassigned(online,60) web 1 - New");
    assert_eq!(first("post").unwrap(), "600 auto_unassigned(online,600) post 1 - New");
}

#[test]
fn a16_a_timeout_that_a_skill_switches_off_is_off_for_it_alone() {
    let tale = idle(
        "unassign = { enabled = true, exclude = 'none' }
        skills.chat = {}
        skills.mail.unassign.timeout = { online = 'off' }",
    )
    .run();
    let taken = tale.facts("auto_unassigned");
    assert!(!taken.is_empty() && taken.iter().all(|line| line.contains("web")), "{taken:?}");
}

#[test]
fn a16_after_a_transfer_the_new_skills_timeout_holds() {
    let tale = scene(
        "unassign = { enabled = true, timeout = { online = '60s' } }
        skills.chat = {}
        skills.law.unassign.timeout.online = '5m'
        consumers.web.messages = 1
        consumers.web.skill = 'chat'
        agents.ann = { skills = ['chat'], hand_overs = { share = 1, after = '10s', to = { skill = 'law' } } }
        agents.cat = { skills = ['law'], interruptions = { at = '00:00', for = '2h' } }",
    )
    .visits("web", "0")
    .run();
    assert_eq!(
        tale.trail("web 1")[2..5],
        [
            "10 transferred_to_skill - New",
            "10 assigned cat New",
            "310 auto_unassigned(online,310) web 1 - New".replace("web 1 ", "").as_str(),
        ]
    );
}

#[test]
fn a16_a_skill_has_its_own_auto_close() {
    let closed = |mail: &str| {
        let tale = scene(
            "agents.ann = { skills = ['chat', 'mail'], reply_time = '10s' }
            consumers.web.messages = 2
            consumers.web.think = '3h'
            consumers.web.skill = 'chat'
            consumers.post.messages = 2
            consumers.post.think = '3h'
            consumers.post.skill = 'mail'
            auto_close = '20m'
            skills.chat = {}",
        )
        .with(mail)
        .visits("web", "0")
        .visits("post", "0")
        .run();
        tale.facts("auto_closed")
    };
    let chat = "1210 auto_closed web 1 - Resolved";
    assert_eq!(closed("skills.mail.auto_close = 'off'"), [chat]);
    let both = closed("skills.mail.auto_close = { pending = '5m' }");
    assert_eq!(both, ["320 auto_closed post 1 - Resolved", chat]);
}

#[test]
fn a16_weights_fill_slots_and_limits_and_alone_keep_them_free() {
    let assigned = |ann: &str, skills: &str| {
        let tale = scene(
            "agents.ann.skills = ['chat', 'mail']
            agents.ann.reply_time = '10m'
            agents.ann.attention = 'parallel'
            agents.ann.concurrency = 2
            consumers.web.messages = 1
            consumers.web.skill = 'chat'
            consumers.post.messages = 1
            consumers.post.skill = 'mail'
            run.until = '5m'",
        )
        .with(ann)
        .with(skills)
        .visits("web", "1 2 3 4")
        .visits("post", "0 5")
        .run();
        let lines = tale.facts("assigned").into_iter();
        Vec::from_iter(lines.map(|line| line.split(' ').nth(2).unwrap().to_owned()))
    };
    let own = "skills.mail = {}\nskills.chat.weight = 0.5";
    assert_eq!(assigned("", ""), ["post", "web"]);
    assert_eq!(assigned("", own), ["post", "web", "web"]);
    assert_eq!(assigned("agents.ann.limits = { chat = 1 }", own), ["post", "web"]);
    assert_eq!(assigned("agents.ann.limits = { mail = 0 }", own), ["web", "web", "web", "web"]);
    assert_eq!(assigned("agents.ann.alone = ['mail']", own), ["post"]);
    assert_eq!(assigned("agents.ann.alone = ['chat']", own), ["post", "post"]);
}

#[test]
fn a16_priority_is_the_kinds_or_else_the_skills() {
    let order = |more: &str| {
        let tale = scene(
            "agents.ann = { skills = ['chat', 'mail'], concurrency = 1, reply_time = '10s' }
            consumers.web.messages = 1
            consumers.web.skill = 'chat'
            consumers.post.messages = 1
            consumers.post.skill = 'mail'",
        )
        .with(more)
        .visits("post", "0 1")
        .visits("web", "2")
        .run();
        let lines = tale.facts("answered").into_iter();
        Vec::from_iter(lines.map(|line| line.split(' ').nth(2).unwrap().to_owned()))
    };
    let own = "skills.mail = {}\nskills.chat.priority = 1";
    assert_eq!(order(""), ["post", "post", "web"]);
    assert_eq!(order(own), ["post", "web", "post"]);
    assert_eq!(order(&format!("{own}\nconsumers.post.priority = 2")), ["post", "post", "web"]);
}

#[test]
fn a16_the_queue_may_go_by_what_is_due() {
    let order = |queue: &str| {
        let tale = scene(
            "agents.ann = { skills = ['chat', 'mail'], concurrency = 1, reply_time = '100s' }
            consumers.web.messages = 1
            consumers.web.skill = 'chat'
            consumers.post.messages = 1
            consumers.post.skill = 'mail'
            service_level.within = '20s'
            skills.chat = {}
            skills.mail.service_level.within = '4m'",
        )
        .with(queue)
        .visits("post", "0 1")
        .visits("web", "2 150 250")
        .run();
        let lines = tale.facts("answered").into_iter();
        Vec::from_iter(lines.map(|line| line.split(' ').nth(2).unwrap().to_owned()))
    };
    // Due: the second mail at 241, the chats at 22, 170 and 270.
    assert_eq!(order("queue.order = 'due'"), ["post", "web", "web", "post", "web"]);
    assert_eq!(order(""), ["post", "post", "web", "web", "web"]);
}

#[test]
fn a16_the_work_of_a_reply_is_that_of_group_and_skill() {
    let work = |more: &str| {
        let tale = scene(
            "agents.ann.skills = ['chat', 'mail']
            consumers.web.messages = 1
            consumers.web.skill = 'chat'
            consumers.post.messages = 1
            consumers.post.skill = 'mail'",
        )
        .with(more)
        .visits("web", "0")
        .visits("post", "1000")
        .run();
        let lines = tale.facts("answered").into_iter();
        Vec::from_iter(lines.map(|line| line.rsplit(' ').next().unwrap().to_owned()))
    };
    let own = "skills.chat = {}\nskills.mail.reply_time = '80s'";
    assert_eq!(work(&format!("{own}\nagents.ann.reply_time = '20s'")), ["20", "80"]);
    let both = "agents.ann.reply_time = { chat = '20s', mail = '30s' }";
    assert_eq!(work(&format!("{own}\n{both}")), ["20", "30"]);
    assert_eq!(work(both), ["20", "30"]);
}
