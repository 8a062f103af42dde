// Jest passes FORCE_COLOR to its workers where it uses colors itself; tested programs start without
// it.
delete process.env.FORCE_COLOR;
delete process.env.NO_COLOR;
// For Jest itself: jest.config.js.
delete process.env.NODE_OPTIONS;
