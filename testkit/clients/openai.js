// The official client of OpenAI.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import * as ask from './questions.js';

const EMBEDDER = 'openai/text-embedding-3-small';

export function checks(simulator) {
  const options = { baseURL: simulator.baseUrl, apiKey: simulator.apiKey };
  const client = new OpenAI({ ...options, maxRetries: 0 });
  const chat = client.chat.completions;

  return {
    'chat': async () => {
      const { data, response } = await chat.create(ask.sky).withResponse();
      assert.ok(data.choices[0].message.content.length > 20);
      assert.equal(data.choices[0].finish_reason, 'stop');
      assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
      assert.equal(response.headers.get('x-generation-id'), data.id);
      assert.equal(data.usage.cost, await simulator.cost(data.id));
    },

    'chat below /v1': async () => {
      const short = new OpenAI({ ...options, baseURL: new URL('/v1', simulator.baseUrl).href });
      assert.ok((await short.chat.completions.create(ask.sky)).choices[0].message.content);
    },

    'streaming': async () => {
      const whole = await chat.create(ask.sky);
      let text = '';
      let usage;
      for await (const chunk of await chat.create({ ...ask.sky, stream: true, stream_options: { include_usage: true } })) {
        text += chunk.choices[0]?.delta?.content ?? '';
        usage = chunk.usage ?? usage;
      }
      assert.equal(text, whole.choices[0].message.content);
      assert.deepEqual(usage, whole.usage);
    },

    'streaming, left in the middle': async () => {
      const stream = await chat.create({ ...ask.sky, stream: true });
      for await (const chunk of stream) {
        assert.ok(chunk.id);
        break;
      }
      assert.ok(stream.controller.signal.aborted);
    },

    'stream helper': async () => {
      const stream = chat.stream({ ...ask.sky, stream_options: { include_usage: true } });
      const deltas = [];
      stream.on('content', (delta) => deltas.push(delta));
      const completion = await stream.finalChatCompletion();
      assert.equal(deltas.join(''), completion.choices[0].message.content);
      assert.ok((await stream.totalUsage()).total_tokens > 0);
    },

    'tools': async () => {
      const first = await chat.create(ask.weather);
      const calls = first.choices[0].message.tool_calls;
      assert.equal(first.choices[0].finish_reason, 'tool_calls');
      assert.equal(calls[0].function.name, 'get_weather');
      assert.deepEqual(JSON.parse(calls[0].function.arguments), { city: 'Zürich' });
      const results = calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: '{"celsius":21}' }));
      const second = await chat.create({
        ...ask.weather,
        messages: [...ask.weather.messages, first.choices[0].message, ...results],
      });
      assert.equal(second.choices[0].finish_reason, 'stop');
      assert.match(second.choices[0].message.content, /21/);
    },

    'tools, streamed': async () => {
      const whole = await chat.create(ask.weatherAndTime);
      const streamed = await chat.stream(ask.weatherAndTime).finalChatCompletion();
      assert.equal(streamed.choices[0].finish_reason, 'tool_calls');
      assert.deepEqual(
        streamed.choices[0].message.tool_calls.map((call) => [call.id, call.function.name, call.function.arguments]),
        whole.choices[0].message.tool_calls.map((call) => [call.id, call.function.name, call.function.arguments]),
      );
      assert.equal(streamed.choices[0].message.tool_calls.length, 2);
    },

    'tool runner': async () => {
      const seen = [];
      const runner = chat.runTools({
        ...ask.weather,
        tools: [{
          type: 'function',
          function: {
            ...ask.weather.tools[0].function,
            parse: JSON.parse,
            function: ({ city }) => {
              seen.push(city);
              return { celsius: 21 };
            },
          },
        }],
      });
      assert.match(await runner.finalContent(), /21/);
      assert.deepEqual(seen, ['Zürich']);
    },

    'structured output': async () => {
      const completion = await chat.parse({
        ...ask.person,
        response_format: { type: 'json_schema', json_schema: { ...ask.person.response_format.json_schema } },
      });
      const person = JSON.parse(completion.choices[0].message.content);
      assert.equal(typeof person.name, 'string');
      assert.ok(Number.isInteger(person.age));
      assert.ok(['red', 'blue'].includes(person.colour));
    },

    'images in': async () => {
      const seen = await chat.create(ask.picture);
      assert.ok(seen.choices[0].message.content);
    },

    'images out, by chat': async () => {
      const drawn = await chat.create(ask.drawing);
      const url = drawn.choices[0].message.images[0].image_url.url;
      assert.ok(url.startsWith('data:image/png;base64,iVBOR'));
    },

    'log probabilities': async () => {
      const completion = await chat.create({ ...ask.sky, logprobs: true, top_logprobs: 2 });
      const [token] = completion.choices[0].logprobs.content;
      assert.ok(token.logprob < 0);
      assert.equal(token.top_logprobs.length, 2);
    },

    'embeddings': async () => {
      const reply = await client.embeddings.create({ model: EMBEDDER, input: ask.sentences }); // asks for Base64
      assert.equal(JSON.parse((await simulator.lastRequest()).body).encoding_format, 'base64');
      assert.equal(reply.data.length, 3);
      assert.equal(reply.data[0].embedding.length, 1536);
      const [noon, again, bread] = reply.data.map((each) => each.embedding);
      assert.ok(ask.likeness(noon, again) > ask.likeness(noon, bread));
      const floats = await client.embeddings.create({ model: EMBEDDER, input: ask.sentences[0], encoding_format: 'float' });
      assert.ok(ask.likeness(noon, floats.data[0].embedding) > 0.9999);
    },

    'models': async () => {
      const ids = [];
      for await (const model of client.models.list()) {
        ids.push(model.id);
      }
      assert.ok(ids.includes('openai/gpt-4o-mini'));
    },

    'speech and back': async () => {
      const speech = await client.audio.speech.create({
        model: 'openai/gpt-4o-mini-tts', voice: 'alloy', input: 'Ships ahoy', response_format: 'mp3',
      });
      assert.equal(speech.headers.get('content-type'), 'audio/mpeg');
      const file = new File([await speech.arrayBuffer()], 'ships.mp3', { type: 'audio/mpeg' });
      const heard = await client.audio.transcriptions.create({ model: 'openai/gpt-4o-mini-transcribe', file });
      assert.equal(heard.text, 'Ships ahoy');
    },

    'errors, each by its class': async () => {
      const classes = {
        400: OpenAI.BadRequestError,
        401: OpenAI.AuthenticationError,
        402: OpenAI.APIError,
        403: OpenAI.PermissionDeniedError,
        404: OpenAI.NotFoundError,
        408: OpenAI.APIError,
        413: OpenAI.APIError,
        422: OpenAI.UnprocessableEntityError,
        429: OpenAI.RateLimitError,
        500: OpenAI.InternalServerError,
        502: OpenAI.InternalServerError,
        503: OpenAI.InternalServerError,
        524: OpenAI.InternalServerError,
        529: OpenAI.InternalServerError,
      };
      for (const [status, type] of Object.entries(classes)) {
        await simulator.script({ fault: `status ${status}` });
        await assert.rejects(chat.create(ask.sky), (error) => {
          assert.ok(error instanceof type, `${status} became ${error.constructor.name}`);
          assert.equal(error.status, Number(status));
          assert.equal(error.code, Number(status));
          return true;
        });
      }
    },

    'no key': async () => {
      const keyless = new OpenAI({ ...options, defaultHeaders: { Authorization: null }, maxRetries: 0 });
      await assert.rejects(keyless.chat.completions.create(ask.sky), OpenAI.AuthenticationError);
    },

    'unknown model': async () => {
      await assert.rejects(chat.create({ ...ask.sky, model: 'nobody/nothing' }), (error) => error.status === 400);
    },

    'rate limit, tried again': async () => {
      await simulator.script({ fault: 'status 429 retry-after=0s', times: 2 });
      const before = await simulator.requests();
      const patient = new OpenAI({ ...options, maxRetries: 2 });
      assert.ok((await patient.chat.completions.create(ask.sky)).choices[0].message.content);
      assert.equal(await simulator.requests(), before + 3);
    },

    'rate limit with its headers': async () => {
      await simulator.script({ fault: 'rate-limit requests=20 reset=60s' });
      await assert.rejects(chat.create(ask.sky), (error) => {
        assert.equal(error.headers.get('x-ratelimit-limit'), '20');
        assert.equal(error.headers.get('x-ratelimit-remaining'), '0');
        assert.ok(Number(error.headers.get('x-ratelimit-reset')) > Date.now());
        return true;
      });
    },

    'stream cut': async () => {
      await simulator.script({ fault: 'cut events=3' });
      await assert.rejects(drain(chat, OpenAI), (error) => !(error instanceof assert.AssertionError));
    },

    'stream with an error in it': async () => {
      await simulator.script({ fault: 'error-event events=3 status=502' });
      await assert.rejects(drain(chat), OpenAI.APIError);
    },
  };
}

async function drain(chat) {
  for await (const chunk of await chat.create({ ...ask.sky, stream: true })) {
    assert.ok(chunk.id);
  }
}
