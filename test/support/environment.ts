// Jest hands its workers FORCE_COLOR where it colours itself; what is tested starts without a wish.
delete process.env.FORCE_COLOR;
delete process.env.NO_COLOR;
// For Jest itself: jest.config.js.
delete process.env.NODE_OPTIONS;
