// The official client of OpenRouter. It checks each answer against OpenRouter's schema and throws if it does not fit.
import assert from 'node:assert/strict';
import { OpenRouter } from '@openrouter/sdk';
import * as errors from '@openrouter/sdk/models/errors';
import * as ask from './questions.js';

const EMBEDDER = 'openai/text-embedding-3-small';
const PAINTER = 'black-forest-labs/flux.2-pro';
const AT_ONCE = {
  retries: { strategy: 'backoff', backoff: { initialInterval: 1, maxInterval: 5, exponent: 1, maxElapsedTime: 60000 } },
};
const NEVER = { retries: { strategy: 'none' } };

/** The words of the wire in those of the client. */
function camel(value) {
  if (Array.isArray(value)) {
    return value.map(camel);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
      name === 'parameters' || name === 'schema' ? inner : camel(inner),
    ]),
  );
}

export function checks(simulator) {
  const options = { serverURL: simulator.baseUrl, apiKey: simulator.apiKey, retryConfig: { strategy: 'none' } };
  const client = new OpenRouter(options);
  const send = (request, more, call) =>
    client.chat.send({ chatRequest: { ...camel(request), ...more } }, call ?? NEVER);

  return {
    'chat': async () => {
      const reply = await send(ask.sky);
      assert.ok(reply.choices[0].message.content.length > 20);
      assert.equal(reply.choices[0].finishReason, 'stop');
      assert.equal(reply.usage.cost, await simulator.cost(reply.id));
    },

    'chat with routing metadata': async () => {
      const reply = await client.chat.send({ xOpenRouterMetadata: 'enabled', chatRequest: camel(ask.sky) });
      assert.equal(reply.openrouterMetadata.requested, ask.sky.model);
      assert.ok(reply.openrouterMetadata.endpoints.total > 0);
    },

    'streaming': async () => {
      const whole = await send(ask.sky);
      let text = '';
      let usage;
      for await (const chunk of await send(ask.sky, { stream: true })) {
        text += chunk.choices[0]?.delta?.content ?? '';
        usage = chunk.usage ?? usage;
      }
      assert.equal(text, whole.choices[0].message.content);
      assert.deepEqual(usage, whole.usage);
    },

    'streaming with routing metadata': async () => {
      let metadata;
      const request = { xOpenRouterMetadata: 'enabled', chatRequest: { ...camel(ask.sky), stream: true } };
      for await (const chunk of await client.chat.send(request)) {
        metadata = chunk.openrouterMetadata ?? metadata;
      }
      assert.equal(metadata.requested, ask.sky.model);
    },

    'reasoning of each vendor, whole and streamed': async () => {
      for (const model of [
        'anthropic/claude-sonnet-4.5', 'google/gemini-2.5-flash', 'openai/gpt-5-mini', 'x-ai/grok-4-fast',
        'deepseek/deepseek-r1-0528',
      ]) {
        const request = { ...ask.sky, model };
        const whole = await send(request, { reasoning: { effort: 'high' } });
        assert.ok(whole.choices[0].message.reasoning, model);
        assert.ok(whole.choices[0].message.reasoningDetails.length > 0, model);
        let reasoning = '';
        for await (const chunk of await send(request, { reasoning: { effort: 'high' }, stream: true })) {
          reasoning += chunk.choices[0]?.delta?.reasoning ?? '';
        }
        assert.equal(reasoning, whole.choices[0].message.reasoning, model);
      }
    },

    'tools': async () => {
      const first = await send(ask.weather);
      const calls = first.choices[0].message.toolCalls;
      assert.equal(calls[0].function.name, 'get_weather');
      assert.deepEqual(JSON.parse(calls[0].function.arguments), { city: 'Zürich' });
      const results = calls.map((call) => ({ role: 'tool', toolCallId: call.id, content: '{"celsius":21}' }));
      const second = await send(ask.weather, {
        messages: [...ask.weather.messages, first.choices[0].message, ...results],
      });
      assert.match(second.choices[0].message.content, /21/);
    },

    'tools, streamed': async () => {
      const whole = await send(ask.weatherAndTime);
      const calls = [];
      for await (const chunk of await send(ask.weatherAndTime, { stream: true })) {
        for (const part of chunk.choices[0]?.delta?.toolCalls ?? []) {
          const call = (calls[part.index] ??= { arguments: '' });
          call.id ??= part.id;
          call.name ??= part.function.name;
          call.arguments += part.function?.arguments ?? '';
        }
      }
      assert.deepEqual(
        calls,
        whole.choices[0].message.toolCalls.map((call) => ({
          arguments: call.function.arguments, id: call.id, name: call.function.name,
        })),
      );
      assert.equal(calls.length, 2);
    },

    'structured output': async () => {
      const reply = await send(ask.person);
      const person = JSON.parse(reply.choices[0].message.content);
      assert.ok(Number.isInteger(person.age));
      assert.ok(['red', 'blue'].includes(person.colour));
    },

    'images in': async () => {
      assert.ok((await send(ask.picture)).choices[0].message.content);
    },

    'images out, by chat': async () => {
      const reply = await send(ask.drawing);
      assert.ok(reply.choices[0].message.images[0].imageUrl.url.startsWith('data:image/png;base64,iVBOR'));
    },

    'images out': async () => {
      const reply = await client.images.generate({
        imageGenerationRequest: { model: PAINTER, prompt: 'A harbour', aspectRatio: '16:9' },
      });
      assert.ok(reply.data[0].b64Json.startsWith('iVBOR'));
      assert.ok(reply.usage.cost > 0);
    },

    'images out, streamed': async () => {
      const events = [];
      const stream = await client.images.generate({
        imageGenerationRequest: { model: 'openai/gpt-5-image-mini', prompt: 'A harbour', stream: true },
      });
      for await (const event of stream) {
        events.push(event);
      }
      const last = events.at(-1);
      assert.equal(last.type, 'image_generation.completed');
      assert.ok(last.b64Json.startsWith('iVBOR'));
      assert.ok(events.length > 1);
    },

    'image models': async () => {
      const { data } = await client.images.listModels();
      assert.ok(data.some((model) => model.id === PAINTER));
      const [author, slug] = PAINTER.split('/');
      const { endpoints } = await client.images.listModelEndpoints({ author, slug });
      assert.ok(endpoints.length > 0);
    },

    'log probabilities': async () => {
      const reply = await send(ask.sky, { logprobs: true, topLogprobs: 2 });
      assert.equal(reply.choices[0].logprobs.content[0].topLogprobs.length, 2);
    },

    'embeddings': async () => {
      const reply = await client.embeddings.generate({ requestBody: { model: EMBEDDER, input: ask.sentences } });
      const [noon, again, bread] = reply.data.map((each) => each.embedding);
      assert.ok(ask.likeness(noon, again) > ask.likeness(noon, bread));
      const coded = await client.embeddings.generate({
        requestBody: { model: EMBEDDER, input: ask.sentences[0], encodingFormat: 'base64' },
      });
      assert.equal(Buffer.from(coded.data[0].embedding, 'base64').length, 4 * noon.length);
    },

    'models': async () => {
      const ids = [];
      for await (const page of await client.models.list({ outputModalities: 'all', limit: 5 })) {
        ids.push(...page.result.data.map((model) => model.id));
      }
      assert.ok(ids.length > 5 && ids.includes(EMBEDDER), `${ids}`);
      assert.equal((await client.models.count({ outputModalities: 'all' })).data.count, ids.length);
      const [author, slug] = ask.sky.model.split('/');
      assert.equal((await client.models.get({ author, slug })).data.id, ask.sky.model);
      assert.ok((await client.endpoints.list({ author, slug })).data.endpoints.length > 0);
      assert.ok((await client.endpoints.listZdrEndpoints()).data.length > 0);
      assert.ok((await client.providers.list()).data.some((provider) => provider.slug === 'openai'));
      for await (const page of await client.embeddings.listModels()) {
        assert.ok(page.result.data.some((model) => model.id === EMBEDDER));
        break;
      }
    },

    'generation and key': async () => {
      const reply = await send(ask.sky);
      const { data } = await client.generations.getGeneration({ id: reply.id });
      assert.equal(data.totalCost, reply.usage.cost);
      assert.ok((await client.apiKeys.getCurrentKeyMetadata()).data.usage > 0);
      await assert.rejects(client.credits.getCredits(), errors.ForbiddenResponseError);
    },

    'rerank': async () => {
      const reply = await client.rerank.rerank({
        requestBody: { model: 'cohere/rerank-v3.5', query: 'ships', documents: ['Bread at dawn', 'Ships at noon'] },
      });
      assert.equal(reply.results[0].index, 1);
    },

    'speech and back': async () => {
      const speech = await client.tts.createSpeech({
        speechRequest: { model: 'openai/gpt-4o-mini-tts', voice: 'alloy', input: 'Ships ahoy', responseFormat: 'mp3' },
      });
      const audio = Buffer.from(await new Response(speech).arrayBuffer());
      const heard = await client.stt.createTranscription({
        sttRequest: {
          model: 'openai/gpt-4o-mini-transcribe',
          inputAudio: { data: audio.toString('base64'), format: 'mp3' },
        },
      });
      assert.equal(heard.text, 'Ships ahoy');
    },

    'errors, each by its class': async () => {
      const classes = {
        400: errors.BadRequestResponseError,
        401: errors.UnauthorizedResponseError,
        402: errors.PaymentRequiredResponseError,
        403: errors.ForbiddenResponseError,
        404: errors.NotFoundResponseError,
        408: errors.RequestTimeoutResponseError,
        413: errors.PayloadTooLargeResponseError,
        422: errors.UnprocessableEntityResponseError,
        429: errors.TooManyRequestsResponseError,
        500: errors.InternalServerResponseError,
        502: errors.BadGatewayResponseError,
        503: errors.ServiceUnavailableResponseError,
        524: errors.EdgeNetworkTimeoutResponseError,
        529: errors.ProviderOverloadedResponseError,
      };
      for (const [status, type] of Object.entries(classes)) {
        await simulator.script({ fault: `status ${status}` });
        await assert.rejects(send(ask.sky), (error) => {
          assert.ok(error instanceof type, `${status} became ${error.name}: ${error.message}`);
          assert.equal(error.error.code, Number(status));
          return true;
        });
      }
    },

    'no key': async () => {
      const keyless = new OpenRouter({ ...options, apiKey: '' });
      await assert.rejects(keyless.chat.send({ chatRequest: camel(ask.sky) }), errors.UnauthorizedResponseError);
    },

    'unknown model': async () => {
      await assert.rejects(send({ ...ask.sky, model: 'nobody/nothing' }), (error) => error.statusCode === 400);
    },

    'rate limit, tried again': async () => {
      await simulator.script({ fault: 'status 429 retry-after=0s', times: 2 });
      const before = await simulator.requests();
      const reply = await send(ask.sky, {}, { ...AT_ONCE, retryCodes: ['429'] });
      assert.ok(reply.choices[0].message.content);
      assert.equal(await simulator.requests(), before + 3);
    },

    'rate limit with its headers': async () => {
      await simulator.script({ fault: 'rate-limit requests=20 reset=60s' });
      await assert.rejects(send(ask.sky), (error) => {
        assert.ok(error instanceof errors.TooManyRequestsResponseError, error.name);
        assert.equal(error.headers.get('x-ratelimit-limit'), '20');
        assert.equal(error.error.metadata.headers['X-RateLimit-Remaining'], '0');
        return true;
      });
    },

    'stream cut': async () => {
      await simulator.script({ fault: 'cut events=3' });
      await assert.rejects(drain(await send(ask.sky, { stream: true })), (error) => error.name !== 'SDKValidationError');
    },

    'stream with an error in it': async () => {
      await simulator.script({ fault: 'error-event events=3 status=502' });
      const chunks = await drain(await send(ask.sky, { stream: true }));
      assert.equal(chunks.at(-1).error.code, 502);
      assert.equal(chunks.at(-1).choices[0].finishReason, 'error');
    },
  };
}

async function drain(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
}
