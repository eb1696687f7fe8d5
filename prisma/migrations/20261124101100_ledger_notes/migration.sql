-- Notes what a request has used so far and keeps its hold from the sweeper; one round trip, since streams do it before they
-- pass anything on. The counts never fall (null: as they are), so a note that comes late takes nothing back. False where
-- there is no live hold.
CREATE FUNCTION ledger_note(
  p_org uuid, p_request text, p_ttl interval, p_prompt_tokens bigint, p_completion_tokens bigint, p_characters bigint, p_training_tokens bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter_tenant(p_org);
  UPDATE ledger_holds SET
    expires_at = clock_timestamp() + p_ttl, prompt_tokens = greatest(prompt_tokens, p_prompt_tokens),
    completion_tokens = greatest(completion_tokens, p_completion_tokens), used_characters = greatest(used_characters, p_characters),
    training_tokens = greatest(training_tokens, p_training_tokens)
    WHERE org_id = p_org AND request_id = p_request AND released_at IS NULL;
  RETURN FOUND;
END
$$;

REVOKE ALL ON FUNCTION ledger_note(uuid, text, interval, bigint, bigint, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_note(uuid, text, interval, bigint, bigint, bigint, bigint) TO parley_app, parley_operator;
-- Notes are many; a hold's row stays on its page where that has room.
ALTER TABLE "ledger_holds" SET (fillfactor = 50);
