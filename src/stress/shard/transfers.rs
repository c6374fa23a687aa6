//! Conversations that leave the shard for another, and those that come from one.

use crate::base::ids::{ConversationKey, SkillId};
use crate::base::time::Time;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::consumer::Consumer;
use crate::model::event::{Cause, Change, Event, Status};
use crate::model::message::Timer;
use crate::model::router::TransferredConversation;
use crate::model::router::{Released, Router};
use crate::stress::actor_address::RouterAddress;
use crate::stress::actors::HostedConversation;
use crate::stress::clock::Moment;
use crate::stress::message_accounting::Receipt;
use crate::stress::shard_transfer::{ConversationTransfer, Departure, IncomingTransfer};
use crate::stress::stress_figures::{Count, Timing};

use super::state::Shard;

impl Shard {
    /// The router is there, for the first time or again.
    pub(crate) fn open(
        &mut self,
        router: Box<dyn RouterAddress>,
        transfers: actix::Recipient<IncomingTransfer>,
    ) {
        self.context.exchange.open(self.context.number, transfers);
        self.actors.open(router);
    }

    /// The conversation that waits from now on for somebody who is in another shard only.
    pub(super) fn conversation_for_another_shard(&self, event: &Event) -> Option<ConversationKey> {
        let Event::Change(Change {
            conversation, to: None, status: Status::New, skill, cause, ..
        }) = *event
        else {
            return None;
        };
        // What is reserved for one agent waits for it here (E16).
        let may_go = !matches!(cause, Cause::Reserved { .. });
        (may_go && self.context.remote_skills.has(skill)).then_some(conversation)
    }

    /// A consumer is prepared to go over to another shard.
    pub(crate) fn note_prepared(&mut self, receipt: Receipt, consumer: Consumer) {
        self.handle_empty(Addressee::Consumer(consumer.key()), receipt);
        self.actors.keep_prepared(consumer, self.context.clock.now());
    }

    /// The shard to which a conversation can go, now that its consumer is prepared.
    pub(crate) fn destination(&self, of: ConversationKey, skill: SkillId) -> Option<usize> {
        let live = self.actors.live.get(of)?;
        live.departure.as_ref()?.prepared.as_ref()?;
        self.context.remote_skills.round(skill, live.id).next()
    }

    /// In a turn of the router: a conversation leaves.
    pub(crate) fn send_away(&mut self, key: ConversationKey, conversation: Released, to: usize) {
        let Some(live) = self.actors.live.remove(key) else { return };
        let Some(Departure { since, prepared: Some(consumer) }) =
            live.departure.map(|departure| *departure)
        else {
            return;
        };
        let mut timers = self.timers.take_back(live.timers);
        self.tally(Count::Cancelled, timers.len() as u64);
        timers.extend(self.timers.take_back_due(key));
        let told = live.told.into_iter();
        timers.extend(told.map(|(due, timer)| (due, Timer::Consumer(key, timer))));
        let transfer = ConversationTransfer {
            conversation: TransferredConversation { conversation, consumer, timers },
            record: self.recorder.release(self.now, key),
            id: live.id,
            arrival: live.arrival,
            since,
            left: self.now,
            counted: live.counted,
        };
        self.over |= self.recorder.has_failed();
        self.context.exchange.send(to, transfer, self.context.clock.now());
    }

    /// A conversation cannot go any more: its consumer is hosted here again and asks what it has
    /// missed meanwhile.
    pub(crate) fn keep_here(&mut self, conversation: ConversationKey) {
        if let Some(consumer) = self.actors.cancel_transfer(conversation) {
            self.host_again(consumer);
        }
    }

    /// Whether this is still to come by the clock of this shard.
    pub(crate) fn is_still_to_come(&self, time: Time) -> bool {
        time > self.context.clock.time(self.context.clock.now())
    }

    /// A turn of the router: a conversation comes from another shard, with everything that belongs
    /// to it.
    pub(crate) fn adopt(
        &mut self,
        transfer: ConversationTransfer,
        receipt: &Receipt,
        router: &mut Router,
    ) {
        let Some(shard) = self.me.upgrade() else { return };
        let ConversationTransfer { conversation, record, id, arrival, since, counted, .. } =
            transfer;
        let number = self.recorder.keep(&conversation);
        let now = self.begin_turn(Addressee::Router, Some(receipt), TurnInput::Arrives(number));
        let (consumer, start) = (conversation.consumer.clone(), self.starters.consumer);
        let key = self.actors.live.insert(|key| {
            let consumer = start(consumer.kept_at(key), shard);
            HostedConversation::new(id, consumer, arrival, counted)
        });
        if let Some(record) = record {
            self.recorder.adopt(now, key, record);
        }
        conversation.settle_in(now, key, router, &mut self.outbox);
        self.record(Timing::Transfer, since, self.began);
        self.tally(Count::Transferred, 1);
        self.end_turn(Addressee::Router);
    }

    /// What was on its way here when it was lost sets out again.
    pub(super) fn resend_undelivered(&mut self, now: Moment) {
        if self.over {
            return;
        }
        let (shard, exchange) = (self.context.number, &self.context.exchange);
        exchange
            .take_undelivered(shard)
            .into_iter()
            .for_each(|transfer| exchange.send(shard, transfer, now));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;
    use crate::base::ids::{AgentId, ConversationId, Epoch, KindId};
    use crate::base::stream::Streams;
    use crate::ledger::Ledger;
    use crate::model::behaviour::{Behaviour as _, Reminder};
    use crate::model::consumer::ConsumerContext;
    use crate::model::event::Actor;
    use crate::model::message::{
        ClientHistory, ConsumerMessage, ConsumerTimer, Letter, RouterTimer,
    };
    use crate::scenario::Plan;
    use crate::stress::behaviour_actor::STARTERS;
    use crate::stress::clock::RunClock;
    use crate::stress::message_accounting::{Mailbox, MessageAccounting};
    use crate::stress::partition::{RemoteSkills, part};
    use crate::stress::progress::ShardContext;
    use crate::stress::recorder::Recorder;
    use crate::stress::run_window::RunWindow;
    use crate::stress::shard::SharedShard;
    use crate::stress::shard_transfer::{ArrivalTimes, CountedConversation, ShardExchange};

    /// A shard whose actors nobody starts.
    struct Part {
        shard: SharedShard,
        router: Router,
        crowd: Arc<ConsumerContext>,
        accounting: Arc<MessageAccounting>,
    }

    /// Chat is in the first shard, law in the second.
    fn parts(plan: &Plan) -> ([Part; 2], Arc<ShardExchange>) {
        let centres = [0, 1].map(|number| Arc::new(part(&plan.centre, number, 2)));
        let accounting = [(); 2].map(|()| Arc::new(MessageAccounting::default()));
        let exchange = ShardExchange::new(accounting.iter().map(Arc::clone));
        let remote_skills = RemoteSkills::of_each(&centres.each_ref().map(|centre| &**centre));
        let clock = RunClock::start(1.0);
        let open = |number: usize| {
            let (centre, streams) = (Arc::clone(&centres[number]), Streams::new(1, number as u64));
            let until = Time::from_secs(60);
            let ledger = Ledger::new(Arc::clone(&centre), &plan.measure, Time::ZERO, until, true);
            let context = ShardContext {
                number,
                clock,
                accounting: Arc::clone(&accounting[number]),
                progress: mpsc::channel().0,
                window: RunWindow::endless(),
                stop: Arc::default(),
                remote_skills: remote_skills[number].clone(),
                exchange: Arc::clone(&exchange),
            };
            let crowd = Arc::new(ConsumerContext::new(Arc::clone(&centre), streams));
            let recorder = Recorder::new(ledger, true);
            let shard = Shard::new(context, recorder, Arc::clone(&crowd), STARTERS);
            let router = Router::new(centre, streams);
            Part { shard, router, crowd, accounting: Arc::clone(&accounting[number]) }
        };
        ([0, 1].map(open), exchange)
    }

    fn chat_and_law() -> Arc<Plan> {
        let text = "skills = ['chat', 'law']\nagents = { chat = { skills = ['chat'] }, \
                    law = { skills = ['law'] } }\n\
                    consumers.web = { arrivals = '60/h', skill = 'law' }";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let scenario = crate::scenario::parse(source, "").unwrap();
        Arc::clone(&scenario.variants[0].plan)
    }

    #[test]
    fn what_is_reserved_changes_no_shard_before_it_falls_back() {
        let ([here, _], _) = parts(&chat_and_law());
        let conversation = ConversationKey { slot: 0, generation: 0 };
        let asks_to_go = |cause| {
            let change = Change {
                conversation,
                id: ConversationId::new(KindId(0), 1, 0),
                from: None,
                to: None,
                status: Status::New,
                skill: SkillId(1),
                epoch: Epoch::default(),
                actor: Actor::System,
                cause,
            };
            here.shard.borrow().conversation_for_another_shard(&Event::Change(change))
        };
        let reserved = Cause::Reserved { agent: AgentId(0), until: Time::from_secs(60) };
        assert_eq!(asks_to_go(reserved), None);
        assert_eq!(asks_to_go(Cause::FellBack), Some(conversation));
    }

    #[test]
    fn everything_that_belongs_to_a_conversation_goes_over_with_it() {
        let ([mut here, mut there], exchange) = parts(&chat_and_law());
        actix::System::new().block_on(async move {
            let id = ConversationId::new(KindId(0), 1, 0);
            let (law, write) = (SkillId(1), ConsumerTimer::Write);
            let key = open_conversation(&mut here, id, &exchange);
            let told = Time::from_micros(1);
            let close = RouterTimer::Close { conversation: key };
            let later = Time::from_secs(50);
            let transfer = {
                let mut shard = here.shard.borrow_mut();
                let timer = Timer::Router(close);
                shard.set(Reminder { due: later, tie: None, timer }, Moment::default());
                shard.actors.note_told(key, told, write);
                // It is asked once, and goes when it is prepared.
                let asked = here.accounting.account(Mailbox::Consumers).sent;
                assert_eq!(asked, 1);
                shard.actors.prepare_transfer(key, Moment::default());
                assert_eq!(here.accounting.account(Mailbox::Consumers).sent, asked);
                assert_eq!(shard.destination(key, law), None);
                let consumer =
                    Consumer::new(Arc::clone(&here.crowd), key, id, ClientHistory::default());
                let live = shard.actors.live.get_mut(key).unwrap();
                live.departure.as_mut().unwrap().prepared = Some(consumer);
                assert_eq!(shard.destination(key, law), Some(1));
                shard.begin_turn(Addressee::Router, None, TurnInput::Departs(key));
                let released = here.router.release(key).unwrap();
                shard.send_away(key, released, 1);
                shard.end_turn(Addressee::Router);
                assert!(shard.actors.live.is_empty() && shard.timers.len() == 0);
                // Nobody is there yet, so it is left for the shard.
                exchange.take_undelivered(1).pop().unwrap()
            };
            let timers = [(later, Timer::Router(close)), (told, Timer::Consumer(key, write))];
            assert_eq!(transfer.conversation.timers, timers);
            assert!(!exchange.is_empty(), "it lives, though it is nowhere");

            let receipt = there.accounting.receipt(Mailbox::Transfers, Moment::default());
            let mut shard = there.shard.borrow_mut();
            shard.adopt(transfer, &receipt, &mut there.router);
            shard.mark_handled(receipt);
            let [live] = &Vec::from_iter(shard.actors.live.iter())[..] else { panic!("one") };
            assert_eq!((live.id, &live.told[..]), (id, &[(told, write)][..]));
            assert_eq!((live.timers[0].0, shard.timers.len()), (later, 1));
            let key = there.router.live().next().unwrap().key;
            assert_eq!(there.router.awaited_skill(key), Some(law));
            assert!(!shard.recorder.has_failed());
            shard.actors.live.remove(key);
            assert!(exchange.is_empty());
        });
    }

    /// A consumer comes and opens its conversation.
    fn open_conversation(
        part: &mut Part,
        id: ConversationId,
        exchange: &Arc<ShardExchange>,
    ) -> ConversationKey {
        let mut shard = part.shard.borrow_mut();
        let crowd = Arc::clone(&part.crowd);
        let key = shard.actors.live.insert(|key| {
            let consumer = Consumer::new(crowd, key, id, ClientHistory::default());
            let consumer = (STARTERS.consumer)(consumer, SharedShard::clone(&part.shard));
            let (arrival, counted) = (ArrivalTimes::default(), CountedConversation::new(exchange));
            HostedConversation::new(id, consumer, arrival, counted)
        });
        let mut consumer =
            Consumer::new(Arc::clone(&part.crowd), key, id, ClientHistory::default());
        let now = shard.begin_turn(Addressee::Router, None, TurnInput::Letter(Addressee::Router));
        let shard = &mut *shard;
        consumer.receive(now, ConsumerMessage::Start, &mut shard.outbox);
        let opening = shard.outbox.letters.pop_front();
        let Some(Letter::Router(opening)) = opening else { panic!("open") };
        part.router.receive(now, opening, &mut shard.outbox);
        shard.end_turn(Addressee::Router);
        key
    }
}
