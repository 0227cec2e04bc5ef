import { useState } from 'react';
import { hasMember, type Json, objectAt, stringAt } from '../../../core/gateway/json.ts';
import { sha256Hex } from '../../../core/lib/sha256.ts';
import { AlsoSet } from './also-set-note.tsx';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import { addItem, setValue, valueAt } from './form-ops.ts';
import { ItemList } from './item-list.tsx';
import itemClasses from './items.module.css';
import { jwkSentence } from './kind-sentence.ts';
import { NamedValues } from './match-fields.tsx';
import { PolicyTargets } from './policy-targets.tsx';
import { readPublicJwk } from './read-public-jwk.ts';
import { Row } from './row.tsx';
import { TextField, WordsField } from './text-field.tsx';
import { say, type Words } from './words.ts';

export function AuthPolicyForm() {
  const { body } = useForm();
  const spec = valueAt(body, '/spec');
  return (
    <>
      <PolicyTargets />
      <h4 className={classes.section}>API keys</h4>
      {hasMember(spec, 'apiKey') ? (
        <TextField
          pointer="/spec/apiKey/header"
          label="Header"
          placeholder="x-api-key"
          isRequired
        />
      ) : null}
      <Row label="Keys" pointer="/spec/apiKey/keys">
        <ItemList
          pointer="/spec/apiKey/keys"
          noun="key"
          addLabel="key"
          additions={[]}
          empty="none: no key lets anyone pass"
          sentence={keySentence}
          fields={(_, at) => (
            <>
              <TextField pointer={`${at}/name`} label="Whose" isRequired />
              <TextField pointer={`${at}/sha256`} label="SHA-256" isRequired />
            </>
          )}
        />
        <AddApiKey />
      </Row>
      <h4 className={classes.section}>Tokens</h4>
      <TokenFields />
    </>
  );
}

function keySentence(key: Json): Words {
  const hash = stringAt(key, 'sha256') ?? '?';
  return say`${stringAt(key, 'name') ?? '?'}, hash ${`${hash.slice(0, 12)}…`}`;
}

/** Takes a key, and gives only its hash away. */
function AddApiKey() {
  const { body, edit } = useForm();
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const isReady = name.trim() !== '' && secret !== '';
  const add = () => {
    if (!isReady) return;
    const entry: Json = { name: name.trim(), sha256: sha256Hex(secret) };
    const apiKey = objectAt(valueAt(body, '/spec'), 'apiKey');
    edit(
      apiKey === undefined
        ? setValue(body, '/spec/apiKey', { header: 'x-api-key', keys: [entry] })
        : addItem(body, '/spec/apiKey/keys', entry),
      `add key ${name.trim()}`,
    );
    setName('');
    setSecret('');
  };
  return (
    <>
      <div className={classes.beside}>
        <input
          className={classes.input}
          aria-label="Whose key it is"
          placeholder="whose"
          spellCheck={false}
          value={name}
          data-uncommitted={name !== ''}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <input
          className={classes.input}
          type="password"
          aria-label="API key, of which only the hash is kept"
          placeholder="paste the key"
          autoComplete="off"
          value={secret}
          data-uncommitted={secret !== ''}
          onChange={(event) => setSecret(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
          }}
        />
        <button type="button" className={classes.plainButton} disabled={!isReady} onClick={add}>
          Add hash
        </button>
      </div>
      <p className={classes.note}>
        The key is hashed here and forgotten. Only its SHA-256 enters the text.
      </p>
    </>
  );
}

function TokenFields() {
  const { body, edit } = useForm();
  const spec = valueAt(body, '/spec');
  const hasTokens = hasMember(spec, 'jwt');
  return (
    <>
      {hasTokens ? (
        <>
          <TextField pointer="/spec/jwt/issuer" label="Issuer" placeholder="any issuer" />
          <WordsField pointer="/spec/jwt/audiences" label="Audiences" placeholder="any audience" />
          <TextField pointer="/spec/jwt/clockSkew" label="Clock skew" placeholder="30s" />
          <Row label="Claims" pointer="/spec/jwt/requiredClaims">
            <NamedValues pointer="/spec/jwt/requiredClaims" noun="claim" />
          </Row>
        </>
      ) : null}
      <Row label="Public keys" pointer="/spec/jwt/keys">
        <ItemList
          pointer="/spec/jwt/keys"
          noun="public key"
          addLabel="public key"
          additions={[]}
          empty="none: no token lets anyone pass"
          sentence={jwkSentence}
          fields={(_, at) => (
            <>
              <TextField pointer={`${at}/kid`} label="Key name" placeholder="none" />
              <AlsoSet pointer={at} shown={['kid']} />
            </>
          )}
        />
        <AddJwk />
      </Row>
      <AlsoSet
        pointer="/spec/jwt"
        shown={['issuer', 'audiences', 'clockSkew', 'requiredClaims', 'keys']}
      />
      {hasTokens ? (
        <button
          type="button"
          className={itemClasses.add}
          onClick={() => edit(setValue(body, '/spec/jwt', undefined), 'remove tokens')}
        >
          take no tokens
        </button>
      ) : null}
    </>
  );
}

function AddJwk() {
  const { body, edit } = useForm();
  const [text, setText] = useState('');
  const read = text.trim() === '' ? null : readPublicJwk(text);
  const add = () => {
    if (read === null || !read.ok) return;
    const jwt = objectAt(valueAt(body, '/spec'), 'jwt');
    edit(
      jwt === undefined
        ? setValue(body, '/spec/jwt', { keys: [read.value] })
        : addItem(body, '/spec/jwt/keys', read.value),
      'add public key',
    );
    setText('');
  };
  return (
    <>
      <textarea
        className={classes.area}
        aria-label="Public key as a JWK"
        placeholder={'paste a public JWK: {"kty": "EC", "crv": "P-256", …}'}
        spellCheck={false}
        value={text}
        data-uncommitted={text !== ''}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {read !== null && !read.ok ? <p className={classes.note}>{read.error}</p> : null}
      <button
        type="button"
        className={classes.plainButton}
        disabled={read === null || !read.ok}
        onClick={add}
      >
        Add public key
      </button>
    </>
  );
}
