// What both clients ask, in the words of the wire.
const MODEL = 'openai/gpt-4o-mini';
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function user(content) {
  return [{ role: 'user', content }];
}

function tool(name, description, property) {
  return {
    type: 'function',
    function: {
      name,
      description,
      parameters: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] },
    },
  };
}

const weatherTool = tool('get_weather', 'The weather in a city, now', 'city');
const timeTool = tool('get_time', 'The time in a city, now', 'city');

export const sky = { model: MODEL, messages: user('Why is the sky blue?') };

export const weather = { model: MODEL, messages: user('What is the weather in Zürich?'), tools: [weatherTool] };

export const weatherAndTime = {
  model: MODEL,
  messages: user('What are the weather and the time in Zürich?'),
  tools: [weatherTool, timeTool],
};

export const person = {
  model: MODEL,
  messages: user('Make up a person.'),
  response_format: {
    type: 'json_schema',
    json_schema: {
      name: 'person',
      strict: true,
      schema: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          age: { type: 'integer' },
          colour: { type: 'string', enum: ['red', 'blue'] },
        },
        required: ['name', 'age', 'colour'],
        additionalProperties: false,
      },
    },
  },
};

export const picture = {
  model: MODEL,
  messages: user([
    { type: 'text', text: 'What does this show?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
  ]),
};

export const drawing = {
  model: 'google/gemini-2.5-flash-image',
  messages: user('A sunset over a calm ocean'),
  modalities: ['image', 'text'],
};

export const sentences = ['The ship sails at noon.', 'At noon the ship is sailing.', 'Bread is baked at dawn.'];

/** The cosine of the angle between two vectors. */
export function likeness(one, other) {
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
}
