-- Whether the guide helped: counted by day, leaf and answer, so that nobody is tracked and a year of pressing is a few rows a day.
create table guide_answers (
    -- In the time zone of the desk.
    day date not null,
    -- The word of the leaf; those that the guide no longer has stay, as what they counted was so.
    leaf text not null constraint guide_answers_leaf_check check (leaf ~ '^[a-z]+(-[a-z]+)*$' and length(leaf) <= 60),
    answer text not null constraint guide_answers_answer_check check (answer in ('solved', 'unsolved')),
    times bigint not null constraint guide_answers_times_check check (times > 0),
    constraint guide_answers_pkey primary key (day, leaf, answer)
);
