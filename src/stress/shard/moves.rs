//! Conversations that leave the shard for another, and those that come from one.

use actix::{Actor, Addr};

use crate::base::ids::{ConversationKey, SkillId};
use crate::base::time::Time;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::consumer::Consumer;
use crate::model::event::{Change, Event, Status};
use crate::model::message::Timer;
use crate::model::router::TransferredConversation;
use crate::model::router::{Released, Router};
use crate::stress::books::Ticket;
use crate::stress::clock::Moment;
use crate::stress::desk::Desk;
use crate::stress::host::Host;
use crate::stress::measures::{Count, Timing};
use crate::stress::moves::{Leaving, Parcel};
use crate::stress::people::Live;

use super::Shard;

impl Shard {
    /// The router is there, for the first time or again.
    pub(in crate::stress) fn opens(&mut self, router: Addr<Desk>) {
        self.frame.commons.opens(self.frame.number, router.clone());
        self.people.open(router);
    }

    /// The conversation that waits from now on for somebody who is in another shard only.
    pub(super) fn waits_for_another_shard(&self, event: &Event) -> Option<ConversationKey> {
        let Event::Change(Change { conversation, to: None, status: Status::New, skill, .. }) =
            *event
        else {
            return None;
        };
        self.frame.elsewhere.has(skill).then_some(conversation)
    }

    /// A consumer has packed.
    pub(in crate::stress) fn packs(&mut self, ticket: Ticket, consumer: Consumer) {
        self.passes_over(Addressee::Consumer(consumer.key()), ticket);
        self.people.keep_packed(consumer, self.frame.clock.now());
    }

    /// The shard to which a conversation can go, now that its consumer has packed.
    pub(in crate::stress) fn way(&self, of: ConversationKey, skill: SkillId) -> Option<usize> {
        let live = self.people.live.get(of)?;
        live.leaving.as_ref()?.packed.as_ref()?;
        self.frame.elsewhere.round(skill, live.id).next()
    }

    /// In a turn of the router: a conversation leaves.
    pub(in crate::stress) fn departs(
        &mut self,
        key: ConversationKey,
        conversation: Released,
        to: usize,
    ) {
        let Some(live) = self.people.live.remove(key) else { return };
        let Some(Leaving { since, packed: Some(consumer) }) = live.leaving.map(|leaving| *leaving)
        else {
            return;
        };
        let mut timers = self.timers.take_back(live.timers);
        self.figures.tally(Count::Cancelled, timers.len() as u64);
        timers.extend(self.timers.take_back_due(key));
        let told = live.told.into_iter();
        timers.extend(told.map(|(due, timer)| (due, Timer::Consumer(key, timer))));
        let parcel = Parcel {
            transfer: TransferredConversation { conversation, consumer, timers },
            record: self.recorder.release(self.now, key),
            id: live.id,
            scheduled: live.scheduled,
            sent: live.sent,
            since,
            left: self.now,
            alive: live.alive,
        };
        self.over |= self.recorder.has_failed();
        self.frame.commons.send(to, parcel, self.frame.clock.now());
    }

    /// A conversation cannot go any more: its consumer is hosted here again and asks what it has
    /// missed meanwhile.
    pub(in crate::stress) fn stays(&mut self, conversation: ConversationKey) {
        if let Some(consumer) = self.people.unpack(conversation) {
            self.hosts_again(consumer);
        }
    }

    /// Whether this is still to come by the clock of this shard.
    pub(in crate::stress) fn comes_later(&self, time: Time) -> bool {
        time > self.frame.clock.time(self.frame.clock.now())
    }

    /// A turn of the router: a conversation comes from another shard, with everything that belongs
    /// to it.
    pub(in crate::stress) fn adopts(
        &mut self,
        parcel: Parcel,
        ticket: &Ticket,
        router: &mut Router,
    ) {
        let Some(shard) = self.me.upgrade() else { return };
        let Parcel { transfer, record, id, scheduled, sent, since, alive, .. } = parcel;
        let number = self.recorder.keep(&transfer);
        let now = self.begins(Addressee::Router, Some(ticket), TurnInput::Arrives(number));
        let consumer = transfer.consumer.clone();
        let key = self.people.live.insert(|key| {
            let consumer =
                Host::new(consumer.kept_at(key), Addressee::Consumer(key), shard).start();
            Live::new((id, consumer), (scheduled, sent), alive)
        });
        if let Some(record) = record {
            self.recorder.adopt(now, key, record);
        }
        transfer.settle_in(now, key, router, &mut self.outbox);
        self.figures.record(Timing::Transfer, self.began.since(since));
        self.figures.tally(Count::Transferred, 1);
        self.ends(Addressee::Router);
    }

    /// What was on its way here when it was lost sets out again.
    pub(super) fn looks_for_left(&mut self, now: Moment) {
        if self.over {
            return;
        }
        let (shard, commons) = (self.frame.number, &self.frame.commons);
        commons.take_left(shard).into_iter().for_each(|parcel| commons.send(shard, parcel, now));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;
    use crate::base::ids::{ConversationId, KindId};
    use crate::base::stream::Streams;
    use crate::ledger::Ledger;
    use crate::model::behaviour::{Behaviour as _, Reminder};
    use crate::model::consumer::ConsumerContext;
    use crate::model::message::{ConsumerMessage, ConsumerTimer, Letter, RouterTimer};
    use crate::scenario::Plan;
    use crate::stress::books::{Books, Mailbox};
    use crate::stress::clock::Clock;
    use crate::stress::moves::{Alive, Commons};
    use crate::stress::partition::{Elsewhere, part};
    use crate::stress::recorder::Recorder;
    use crate::stress::shard::{Frame, Shared};

    /// A shard whose actors nobody starts.
    struct Part {
        shard: Shared,
        router: Router,
        crowd: Arc<ConsumerContext>,
        books: Arc<Books>,
    }

    /// Chat is in the first shard, law in the second.
    fn parts(plan: &Plan) -> ([Part; 2], Arc<Commons>) {
        let centres = [0, 1].map(|number| Arc::new(part(&plan.centre, number, 2)));
        let books = [(); 2].map(|()| Arc::new(Books::default()));
        let commons = Commons::new(books.iter().map(Arc::clone));
        let elsewhere = Elsewhere::of_each(&centres.each_ref().map(|centre| &**centre));
        let clock = Clock::start(1.0);
        let open = |number: usize| {
            let (centre, streams) = (Arc::clone(&centres[number]), Streams::new(1, number as u64));
            let until = Time::from_secs(60);
            let ledger = Ledger::new(Arc::clone(&centre), &plan.measure, Time::ZERO, until, true);
            let frame = Frame {
                number,
                clock,
                books: Arc::clone(&books[number]),
                reports: mpsc::channel().0,
                load_ends: Moment(u64::MAX),
                ends: Moment(u64::MAX),
                stop: Arc::default(),
                elsewhere: elsewhere[number].clone(),
                commons: Arc::clone(&commons),
            };
            let crowd = Arc::new(ConsumerContext::new(Arc::clone(&centre), streams));
            let shard = Shard::new(frame, Recorder::new(ledger, true), Arc::clone(&crowd));
            let router = Router::new(centre, streams);
            Part { shard, router, crowd, books: Arc::clone(&books[number]) }
        };
        ([0, 1].map(open), commons)
    }

    #[test]
    fn everything_that_belongs_to_a_conversation_goes_over_with_it() {
        let text = "skills = ['chat', 'law']\nagents = { chat = { skills = ['chat'] }, \
                    law = { skills = ['law'] } }\n\
                    consumers.web = { arrivals = '60/h', skill = 'law' }";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let scenario = crate::scenario::parse(source, "".as_ref()).unwrap();
        let ([mut here, mut there], commons) = parts(&scenario.variants[0].plan);
        actix::System::new().block_on(async move {
            let id = ConversationId::new(KindId(0), 1, 0);
            let (law, write) = (SkillId(1), ConsumerTimer::Write);
            let key = opens(&mut here, id, &commons);
            let told = Time::from_micros(1);
            let close = RouterTimer::AutoClose { conversation: key };
            let later = Time::from_secs(50);
            let parcel = {
                let mut shard = here.shard.borrow_mut();
                let timer = Timer::Router(close);
                shard.set(Reminder { due: later, tie: None, timer }, Moment::default());
                shard.people.note_told(key, told, write);
                // It is asked once, and goes when it has packed.
                let asked = here.books.account(Mailbox::Consumers).sent;
                assert_eq!(asked, 1);
                shard.people.ask_to_pack(key, Moment::default());
                assert_eq!(here.books.account(Mailbox::Consumers).sent, asked);
                assert_eq!(shard.way(key, law), None);
                let packed = Consumer::new(Arc::clone(&here.crowd), key, id);
                let live = shard.people.live.get_mut(key).unwrap();
                live.leaving.as_mut().unwrap().packed = Some(packed);
                assert_eq!(shard.way(key, law), Some(1));
                shard.begins(Addressee::Router, None, TurnInput::Departs(key));
                let released = here.router.release(key).unwrap();
                shard.departs(key, released, 1);
                shard.ends(Addressee::Router);
                assert!(shard.people.live.is_empty() && shard.timers.len() == 0);
                // Nobody is there yet, so it is left for the shard.
                commons.take_left(1).pop().unwrap()
            };
            let timers = [(later, Timer::Router(close)), (told, Timer::Consumer(key, write))];
            assert_eq!(parcel.transfer.timers, timers);
            assert!(!commons.is_empty(), "it lives, though it is nowhere");

            let ticket = there.books.ticket(Mailbox::Transfers, Moment::default());
            let mut shard = there.shard.borrow_mut();
            shard.adopts(parcel, &ticket, &mut there.router);
            ticket.handled();
            let [live] = &Vec::from_iter(shard.people.live.iter())[..] else { panic!("one") };
            assert_eq!((live.id, &live.told[..]), (id, &[(told, write)][..]));
            assert_eq!((live.timers[0].0, shard.timers.len()), (later, 1));
            let key = there.router.live().next().unwrap().key;
            assert_eq!(there.router.awaited_skill(key), Some(law));
            assert!(!shard.recorder.has_failed());
            shard.people.live.remove(key);
            assert!(commons.is_empty());
        });
    }

    /// A consumer comes and opens its conversation.
    fn opens(part: &mut Part, id: ConversationId, commons: &Arc<Commons>) -> ConversationKey {
        let mut shard = part.shard.borrow_mut();
        let crowd = Arc::clone(&part.crowd);
        let key = shard.people.live.insert(|key| {
            let place = Addressee::Consumer(key);
            let consumer = Consumer::new(crowd, key, id);
            let consumer = Host::new(consumer, place, Shared::clone(&part.shard)).start();
            Live::new((id, consumer), Default::default(), Alive::new(commons))
        });
        let mut consumer = Consumer::new(Arc::clone(&part.crowd), key, id);
        let now = shard.begins(Addressee::Router, None, TurnInput::Letter(Addressee::Router));
        let shard = &mut *shard;
        consumer.receive(now, ConsumerMessage::Start, &mut shard.outbox);
        let opening = shard.outbox.letters.pop_front();
        let Some(Letter::Router(opening)) = opening else { panic!("open") };
        part.router.receive(now, opening, &mut shard.outbox);
        shard.ends(Addressee::Router);
        key
    }
}
