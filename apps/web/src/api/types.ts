// The API's own types, as the server's schemas give them. Types only: the application talks to the service over HTTP.

export type {
  Account,
  AdminKey,
  ApiErrorBody,
  AuditEntry,
  Capabilities,
  Key,
  ModelObject,
  PromptCheck,
  QueueObject,
  Session,
  StorageObject,
  User,
  VideoList,
  VideoObject,
  WorkerObject,
} from '@kinora/server/api'
