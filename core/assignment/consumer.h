/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"

G_BEGIN_DECLS

#define ISS_CONSUMER_MAX_NAME 64
#define ISS_CONSUMER_TIMEOUT 60          /* seconds, unless it says otherwise */
#define ISS_CONSUMER_MAX_TIMEOUT 3600

/**
 * IssConsumer:
 *
 * A service of the server that uses what is published for a type, as root has configured it:
 * which account must be able to read the key, and how it is made to read it again.
 */
typedef struct
{
  char                      *name;      /* "nginx" */
  const IssCertificateType  *type;
  char                      *account;   /* (nullable): whoever it is */
  char                      *unit;      /* (nullable): of systemd; else a command */
  char                     **argv;      /* what is run, without any shell */
  guint                      timeout;   /* seconds */
} IssConsumer;

IssConsumer  *iss_consumer_new      (const char         *name,
                                     GError            **error) G_GNUC_WARN_UNUSED_RESULT;
void          iss_consumer_free     (IssConsumer        *self);

/* One line of its configuration after the other, then whether nothing is missing. */
gboolean      iss_consumer_set      (IssConsumer        *self,
                                     const char         *key,
                                     const char         *value,
                                     GError            **error);
gboolean      iss_consumer_complete (IssConsumer        *self,
                                     GError            **error);

gboolean      iss_consumer_is_name  (const char         *name);
gboolean      iss_consumer_is_account (const char       *account);
/* "nginx.service", or the command */
char         *iss_consumer_dup_what (const IssConsumer  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssConsumer, iss_consumer_free)

G_END_DECLS
